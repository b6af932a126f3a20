"""Leaves of the ingest log: 128 bytes, each field at its place."""

import hashlib

import pytest

from gettone.errors import InputError
from gettone.notary.ingest_leaf import Leaf, LeafKind, assembly_digest

pytestmark = pytest.mark.unit

LEAF = Leaf(
    nonce=bytes(range(32)),
    leaf_index=7,
    source_class=5,
    kind=LeafKind.OUTCOME,
    received_at=1_478_000_000_000,
    size_bytes=2359,
    sha256=b"s" * 32,
    report_sha256=b"r" * 32,
)


def test_preimage__fields__stand_where_the_format_says() -> None:
    raw = LEAF.preimage()
    assert len(raw) == 128
    assert raw[:8] == b"lecn.ing"
    assert raw[8:40] == bytes(range(32))
    assert [int.from_bytes(raw[a:b], "big") for a, b in ((40, 44), (44, 46), (46, 48), (48, 56), (56, 64))] == [
        7, 5, 2, 1_478_000_000_000, 2359,
    ]  # fmt: skip
    assert (raw[64:96], raw[96:]) == (b"s" * 32, b"r" * 32)
    assert LEAF.hash() == hashlib.sha256(b"\x00" + raw).digest()


def test_of_preimage__own_bytes__come_back() -> None:
    assert Leaf.of_preimage(LEAF.preimage()) == LEAF


@pytest.mark.parametrize(
    "raw", [b"", LEAF.preimage()[:-1], b"x" + LEAF.preimage()[1:], LEAF.preimage()[:46] + b"\x00\x09" + bytes(80)]
)
def test_of_preimage__other_bytes__are_refused(raw: bytes) -> None:
    with pytest.raises(InputError) as refusal:
        Leaf.of_preimage(raw)
    assert refusal.value.code == "ingest_leaf"


def test_assembly_digest__order_and_repetition__do_not_matter() -> None:
    one, two = b"1" * 32, b"2" * 32
    assert assembly_digest([two, one, two]) == assembly_digest([one, two]) == hashlib.sha256(one + two).digest()
