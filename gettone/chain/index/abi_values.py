"""Values of the contract ABI, read from hexadecimal text into plain JSON values.

Whole numbers of types up to 32 bits are numbers and all others decimal text, whatever their value; addresses are
EIP-55; bytes are 0x hex; structs are objects by field name without trailing underscores.  What no encoder of the
ABI writes is refused: numbers out of their range, padding that is not zero, lengths and places beyond the end.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from eth_utils.address import to_checksum_address

WORD = 64
_ARRAY = re.compile(r"(.*)\[(\d*)\]")
_NUMBER_BITS = 32
_ZEROS = "0" * WORD


class UndecodableError(ValueError):
    """The bytes are not what their type says."""


@dataclass(frozen=True, slots=True)
class Codec:
    """How one type is read: `words` in place (None: the place holds an offset), `read(hex digits, position)`."""

    words: int | None
    read: Callable[[str, int], Any]


@lru_cache(maxsize=1 << 18)
def address_of_word(word: str) -> str:
    """The EIP-55 address in a word of 64 hex digits; wallets repeat, and their checksum is dear."""
    if word[:24] != _ZEROS[:24] or len(word) != WORD:
        raise UndecodableError(f"0x{word} is no address")
    return str(to_checksum_address("0x" + word[24:]))


def word_reader(type_name: str) -> Callable[[str], Any]:
    """How a type of one word is read from its 64 hex digits."""
    if type_name == "address":
        return address_of_word
    if type_name == "bool":
        return _bool_of
    size = int("".join(filter(str.isdigit, type_name)) or 256)
    if type_name.startswith("uint"):
        return _uint_reader(size)
    if type_name.startswith("int"):
        return _int_reader(size)
    if type_name.startswith("bytes") and type_name != "bytes":
        return _bytes_reader(size)
    raise UndecodableError(f"{type_name} is no type of one word")


def codec_of(entry: Mapping[str, Any], type_name: str | None = None) -> Codec:
    """How the type of an ABI entry is read."""
    name = str(entry["type"]) if type_name is None else type_name
    if array := _ARRAY.fullmatch(name):
        return _array_codec(codec_of(entry, array[1]), int(array[2]) if array[2] else None)
    if name == "tuple":
        return _tuple_codec(entry["components"])
    if name in ("bytes", "string"):
        return Codec(None, _bytes_at if name == "bytes" else _string_at)
    reader = word_reader(name)
    return Codec(1, lambda data, at: reader(word_at(data, at)))


def sequence_reader(codecs: Sequence[Codec]) -> Callable[[str, int], list[Any]]:
    """How values beside each other are read: in place, or where their offset from the first one says."""

    def read(data: str, start: int) -> list[Any]:
        values, at = [], start
        for codec in codecs:
            place = at if codec.words is not None else start + 2 * _size_at(data, at)
            values.append(codec.read(data, place))
            at += WORD * (codec.words or 1)
        return values

    return read


def field_name(name: str) -> str:
    """A name of the ABI as a key: Solidity writes `class_` where `class` is meant."""
    return name.rstrip("_")


def word_at(data: str, at: int) -> str:
    """The 64 hex digits at a position."""
    word = data[at : at + WORD]
    if len(word) != WORD:
        raise UndecodableError(f"a word at byte {at // 2} is beyond the end of {len(data) // 2} bytes")
    return word


def _tuple_codec(components: Sequence[Mapping[str, Any]]) -> Codec:
    codecs = [codec_of(one) for one in components]
    names, read = [field_name(one["name"]) for one in components], sequence_reader(codecs)
    words = [one.words for one in codecs]
    total = None if None in words else sum(one or 0 for one in words)
    return Codec(total, lambda data, at: dict(zip(names, read(data, at), strict=True)))


def _array_codec(item: Codec, count: int | None) -> Codec:
    if count is not None:
        read = sequence_reader([item] * count)
        return Codec(None if item.words is None else item.words * count, read)

    def read_counted(data: str, at: int) -> list[Any]:
        length = _size_at(data, at)
        return sequence_reader([item] * length)(data, at + WORD)

    return Codec(None, read_counted)


def _size_at(data: str, at: int) -> int:
    """A length or an offset; none can be greater than the data that it speaks of."""
    size = int(word_at(data, at), 16)
    if size > len(data):
        raise UndecodableError(f"a size of {size} does not fit into {len(data) // 2} bytes")
    return size


def _bytes_at(data: str, at: int) -> str:
    digits = 2 * _size_at(data, at)
    start, padded = at + WORD, -(-digits // WORD) * WORD
    whole = data[start : start + padded]
    if len(whole) != padded or whole[digits:].strip("0"):
        raise UndecodableError(f"{digits // 2} bytes at byte {at // 2} are cut off or not padded with zeros")
    return "0x" + whole[:digits]


def _string_at(data: str, at: int) -> str:
    try:
        return bytes.fromhex(_bytes_at(data, at)[2:]).decode("utf-8")
    except UnicodeDecodeError:
        raise UndecodableError(f"the text at byte {at // 2} is no UTF-8") from None


def _bool_of(word: str) -> bool:
    if word[:-1] != _ZEROS[1:] or word[-1] not in "01":
        raise UndecodableError(f"0x{word} is no truth value")
    return word[-1] == "1"


def _uint_reader(bits: int) -> Callable[[str], Any]:
    if bits == 256:
        return lambda word: str(int(word, 16))
    limit, in_words = 1 << bits, bits > _NUMBER_BITS

    def read(word: str) -> Any:
        value = int(word, 16)
        if value >= limit:
            raise UndecodableError(f"{value} is no uint{bits}")
        return str(value) if in_words else value

    return read


def _int_reader(bits: int) -> Callable[[str], Any]:
    half, in_words = 1 << (bits - 1), bits > _NUMBER_BITS

    def read(word: str) -> Any:
        value = int(word, 16)
        value -= (value >> 255) << 256
        if not -half <= value < half:
            raise UndecodableError(f"{value} is no int{bits}")
        return str(value) if in_words else value

    return read


def _bytes_reader(size: int) -> Callable[[str], str]:
    digits = 2 * size

    def read(word: str) -> str:
        if word[digits:].strip("0"):
            raise UndecodableError(f"0x{word} is no bytes{size}")
        return "0x" + word[:digits]

    return read
