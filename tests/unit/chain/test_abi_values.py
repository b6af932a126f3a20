"""Every type of the contract ABI is read as eth_abi wrote it, and nothing is read that no encoder writes."""

from typing import Any

import pytest
from eth_abi.abi import decode, encode
from eth_abi.exceptions import DecodingError
from eth_abi.tools import get_abi_strategy
from eth_utils.address import to_checksum_address
from hypothesis import given, settings
from hypothesis import strategies as st

from gettone.chain.index.abi_values import UndecodableError, codec_of, word_reader

pytestmark = pytest.mark.unit

WORDS = ("uint8", "uint32", "uint40", "uint96", "uint256", "int8", "int64", "int256", "bool", "address", "bytes32")
TYPES = (*WORDS, "bytes4", "bytes", "string", "uint16[]", "bytes32[]", "string[]", "uint64[3]", "bytes[2]")


def plain(type_name: str, value: Any) -> Any:
    """What eth_abi decoded, as this project writes it."""
    if type_name.endswith("]"):
        return [plain(type_name[: type_name.rindex("[")], one) for one in value]
    if type_name == "address":
        return to_checksum_address(value)
    if isinstance(value, bytes):
        return "0x" + value.hex()
    if type_name.lstrip("u").startswith("int"):
        return value if int(type_name.lstrip("u")[3:]) <= 32 else str(value)
    return value


@pytest.mark.parametrize("type_name", TYPES)
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_codec_of__any_value__as_eth_abi_encoded_it(type_name: str, data: st.DataObject) -> None:
    value = data.draw(get_abi_strategy(type_name))
    struct = {"type": "tuple", "components": [{"type": "uint8", "name": "a"}, {"type": type_name, "name": "value_"}]}
    encoded = encode([f"(uint8,{type_name})"], [(7, value)])
    codec = codec_of(struct)
    start = 0 if codec.words is not None else 64
    found = codec.read(encoded.hex(), start)
    assert found == {"a": 7, "value": plain(type_name, value)}


@pytest.mark.parametrize("type_name", [*WORDS, "bytes", "string", "uint16[]"])
@given(raw=st.binary(min_size=0, max_size=160))
@settings(max_examples=40, deadline=None)
def test_codec_of__any_bytes__read_as_eth_abi_reads_them_or_refused(type_name: str, raw: bytes) -> None:
    codec = codec_of({"type": "tuple", "components": [{"type": type_name, "name": "value"}]})
    encoded = raw if codec.words else (32).to_bytes(32, "big") + raw
    digits = encoded.hex()
    try:
        found = codec.read(digits, 0)["value"]
    except UndecodableError:
        return
    try:
        expected = decode([type_name], encoded)[0]
    except DecodingError as cause:
        raise AssertionError(f"eth_abi refuses what was read as {found!r}") from cause
    assert found == plain(type_name, expected)


@pytest.mark.parametrize(
    ("type_name", "word"),
    [
        ("address", "01" + "00" * 31),
        ("bool", "00" * 31 + "02"),
        ("uint8", "00" * 30 + "0100"),
        ("uint96", "00" * 19 + "01" + "00" * 12),
        ("int8", "00" * 31 + "80"),
        ("bytes4", "00" * 31 + "01"),
    ],
)
def test_word_reader__a_word_that_no_encoder_writes__refused(type_name: str, word: str) -> None:
    with pytest.raises(UndecodableError):
        word_reader(type_name)(word)


@pytest.mark.parametrize(
    ("type_name", "digits"),
    [
        ("uint256", "ff"),
        ("bytes", f"{33:064x}" + "ab" * 32),
        ("bytes", f"{1:064x}" + "abcd" + "00" * 30),
        ("string", f"{1:064x}" + "ff" + "00" * 31),
        ("uint16[]", f"{2**200:064x}"),
        ("uint16[]", f"{2:064x}" + "00" * 32),
    ],
)
def test_codec_of__cut_off_or_unclean__refused(type_name: str, digits: str) -> None:
    with pytest.raises(UndecodableError):
        codec_of({"type": type_name}).read(digits, 0)
