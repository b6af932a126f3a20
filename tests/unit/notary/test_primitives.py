"""Keccak, trees, keys, leaves, canonical JSON: known values, properties and refusals."""

from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
import rfc8785
from eth_hash.auto import keccak as reference_keccak
from hypothesis import given, settings
from hypothesis import strategies as st

from gettone import jcs
from gettone.errors import InputError
from gettone.notary import keys, leaves, series, tree
from gettone.notary.keccak import keccak256, selector

pytestmark = pytest.mark.unit

KEY = sha256(b"throw-away").digest()
HASHES = [sha256(bytes([number])).digest() for number in range(40)]


@pytest.mark.parametrize("length", [0, 1, 31, 32, 135, 136, 137, 271, 272, 500])
def test_keccak256__around_the_block_length__as_the_reference(length: int) -> None:
    message = bytes(number % 251 for number in range(length))
    assert keccak256(message) == reference_keccak(message)


def test_selector__transfer__known() -> None:
    assert selector("transfer(address,uint256)").hex() == "a9059cbb"


def _recursive_root(hashes: list[bytes]) -> bytes:
    """MTH word for word as in RFC 6962 §2.1."""
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return sha256(b"\1" + _recursive_root(hashes[:split]) + _recursive_root(hashes[split:])).digest()


@pytest.mark.parametrize("size", range(1, 40))
def test_tree__every_size__root_of_the_rfc_and_all_paths_prove(size: int) -> None:
    hashes = HASHES[:size]
    root = tree.root_of_hashes(hashes)
    assert root == _recursive_root(hashes)
    for index, path in enumerate(tree.inclusion_paths(hashes, range(size))):
        assert len(path) == tree.path_length(index, size)
        assert tree.verify_path(hashes[index], index, size, path, root)
        assert not any(
            tree.verify_path(hashes[index], other, size, path, root) for other in range(size) if other != index
        )


def test_tree__no_leaves__zero_not_the_hash_of_nothing() -> None:
    assert tree.root_of_hashes([]) == bytes(32) != sha256(b"").digest()


def test_path__wrong_length_or_place__refused() -> None:
    path, root = tree.inclusion_path(HASHES[:5], 4), tree.root_of_hashes(HASHES[:5])
    assert not tree.verify_path(HASHES[4], 4, 5, [*path, HASHES[0]], root)
    assert not tree.verify_path(HASHES[4], 4, 5, path[:-1], root)
    assert not tree.verify_path(HASHES[4], 5, 5, path, root)
    assert not tree.verify_path(HASHES[4], -1, 5, path, root)
    with pytest.raises(IndexError):
        tree.inclusion_path(HASHES[:5], 5)


def test_keys__wrong_length__refused() -> None:
    for derive in (lambda: keys.nonce(KEY[:31], 0), lambda: series.slot_nonces(KEY[:31], 1)):
        with pytest.raises(InputError, match="32 bytes"):
            derive()


def test_slot_nonces__batch__as_one_by_one() -> None:
    assert series.slot_nonces(KEY, 300) == [keys.nonce(KEY, slot) for slot in range(300)]


def test_slot_hashes__batch__as_the_leaf_bytes() -> None:
    readings: list[series.Reading] = [(5, 1), (-7, 3), (None, 0), (2**62, 4), (0, 2)]
    expected = [
        tree.leaf_hash(leaves.SlotLeaf(keys.nonce(KEY, slot), slot, value or 0, quality).encode())
        for slot, (value, quality) in enumerate(readings)
    ]
    assert series.slot_hashes(series.slot_nonces(KEY, 5), readings) == expected


@pytest.mark.parametrize("reading", [(5, 0), (None, 1), (2**63, 1), (1, 256), (1, -1)])
def test_slot_hashes__what_no_leaf_holds__refused(reading: series.Reading) -> None:
    with pytest.raises(InputError, match="slot 0"):
        series.slot_hashes([KEY], [reading])


def test_series_hashes__unknown_quality__refused() -> None:
    header = leaves.SeriesHeader(series.header_nonce(KEY), KEY, 0, 900, 1, 0, 1, 1, KEY)
    with pytest.raises(InputError, match="quality 5"):
        series.series_hashes(KEY, header, [(1, 5)])
    with pytest.raises(InputError, match="2 readings for 1 slots"):
        series.series_hashes(KEY, header, [(1, 1), (1, 1)])


ASSIGNMENT = leaves.AssignmentLeaf(
    2, KEY, 0, 3600, 0, 0, 0, KEY[:20], KEY[:20], 0, KEY, KEY, KEY, 1, KEY, KEY, leaves.ZERO_HASH, KEY
)


def test_decode_assignment__encoded__same() -> None:
    assert leaves.decode_assignment(ASSIGNMENT.encode()) == ASSIGNMENT


@pytest.mark.parametrize(
    "leaf",
    [
        ASSIGNMENT.encode()[:-1],
        ASSIGNMENT.encode() + b"\0",
        b"lecn.ros" + ASSIGNMENT.encode()[8:],
        ASSIGNMENT.encode()[:8] + b"\0\2" + ASSIGNMENT.encode()[10:],
        replace(ASSIGNMENT, flags=0).encode(),
        replace(ASSIGNMENT, flags=3).encode(),
        replace(ASSIGNMENT, flags=10).encode(),
    ],
    ids=["short", "long", "tag", "version", "zero flag missing", "supersedes nothing", "unknown flag"],
)
def test_decode_assignment__unexpected__refused(leaf: bytes) -> None:
    with pytest.raises(InputError):
        leaves.decode_assignment(leaf)


@pytest.mark.parametrize(
    "changes", [{"blind": KEY[:31]}, {"amount_units": 2**256}, {"leaf_index": 2**32}, {"flags": -1}]
)
def test_encode__field_beyond_its_width__refused(changes: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        replace(ASSIGNMENT, **changes).encode()


@pytest.mark.parametrize("tail", [b"\0\1", b"\5\0"])
def test_decode_slot__flags_or_quality_unknown__refused(tail: bytes) -> None:
    good = leaves.SlotLeaf(KEY, 1, 5, 1).encode()
    with pytest.raises(InputError):
        leaves.decode_slot(good[:52] + tail)
    with pytest.raises(InputError):
        leaves.decode_slot(good[:52] + b"\0\0")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=150, deadline=None)
@given(JSON)
def test_canonical__any_value__as_the_reference_and_read_back(value: Any) -> None:
    data = jcs.canonical(value)
    if not _holds_boundary(value):
        assert data == rfc8785.dumps(value)
    assert jcs.loads_canonical(data) == value


def _holds_boundary(value: Any) -> bool:
    """The reference refuses 2^53 itself, which RFC 8785 can hold."""
    if isinstance(value, dict):
        return any(map(_holds_boundary, value.values()))
    return any(map(_holds_boundary, value)) if isinstance(value, list) else value in (2**53, -(2**53))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'{"a":1,"a":1}', "json_duplicate"),
        (b'{"a":{"b":1,"b":2}}', "json_duplicate"),
        (b"1.0", "json_number"),
        (b"1e3", "json_number"),
        (b"NaN", "json_number"),
        (b"9007199254740993", "json_integer"),
        (b"1" * 5000, "json_integer"),
        (b"[" * 40 + b"]" * 40, "json_depth"),
        (b"[" * 100_000, "json_syntax"),
        (b'"\\ud800"', "json_text"),
        (b"\xff", "json_text"),
        (b"\xef\xbb\xbf1", "json_syntax"),
        (b"{", "json_syntax"),
        (b' {"a":1}', "json_canonical"),
        (b'{"b":1,"a":1}', "json_canonical"),
        (b"-0", "json_canonical"),
    ],
)
def test_loads_canonical__unexpected__refused_by_code(data: bytes, code: str) -> None:
    with pytest.raises(InputError) as refusal:
        jcs.loads_canonical(data)
    assert refusal.value.code == code


@pytest.mark.parametrize("value", [1.5, {1: 2}, {"a": {1, 2}}, b"x", 2**53 + 1])
def test_canonical__no_json_of_ours__refused(value: Any) -> None:
    with pytest.raises(InputError):
        jcs.canonical(value)
