"""The little of the contract ABI that the verifier reads: words, addresses, one string, and hex of JSON-RPC."""

from typing import Any

from gettone.errors import Unreachable

WORD = 32


def words_of(data: bytes) -> list[bytes]:
    """The 32-byte words of a return value or event; Unreachable if they are not whole."""
    if not data or len(data) % WORD:
        raise Unreachable("rpc_answer", f"the node answered {len(data)} bytes where 32-byte words are due")
    return [data[at : at + WORD] for at in range(0, len(data), WORD)]


def number(word: bytes) -> int:
    """An unsigned integer."""
    return int.from_bytes(word, "big")


def address(word: bytes) -> bytes:
    """The 20 bytes of an address."""
    return word[12:]


def encode_numbers(*values: int) -> bytes:
    """Unsigned integers as words."""
    return b"".join(value.to_bytes(WORD, "big") for value in values)


def decode_text(data: bytes) -> str:
    """A single string as return value."""
    words = words_of(data)
    length = number(words[1]) if len(words) > 1 else 0
    encoded = data[2 * WORD : 2 * WORD + length]
    if number(words[0]) != WORD or len(encoded) != length:
        raise Unreachable("rpc_answer", "the node answered no string where one is due")
    return encoded.decode("utf-8", "replace")


def bytes_of_hex(value: Any) -> bytes:
    """Bytes of a 0x string of JSON-RPC."""
    try:
        return bytes.fromhex(value.removeprefix("0x"))
    except (AttributeError, ValueError):
        raise Unreachable("rpc_answer", f"the node answered {value!r} where hex is due") from None


def number_of_hex(value: Any) -> int:
    """Integer of a 0x quantity of JSON-RPC."""
    try:
        return int(value, 16)
    except (TypeError, ValueError):
        raise Unreachable("rpc_answer", f"the node answered {value!r} where a number is due") from None
