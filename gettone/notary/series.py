"""Series trees: a header and one salted leaf per slot, and the data root above several series (LECN-1 §1)."""

import struct
from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import sha256

from gettone.errors import InputError
from gettone.notary.keys import HEADER_INDEX, KEY_LENGTH, nonce
from gettone.notary.leaves import SeriesHeader
from gettone.notary.tree import leaf_hash, merkle_root

Reading = tuple[int | None, int]
"""Value in Wh (None if missing) and quality 0..4."""

_SLOT_TAIL = struct.Struct(">IqBB")
_SLOT_PREFIX = b"\x00lecn.slt"
_INNER_PAD = bytes(byte ^ 0x36 for byte in range(256))
_OUTER_PAD = bytes(byte ^ 0x5C for byte in range(256))


def slot_nonces(k_p: bytes, slot_count: int) -> list[bytes]:
    """The salts of slots 0 .. slot_count-1: HMAC-SHA256(K_p, "lecn.non" | u32 i).

    The two padded key blocks of the HMAC are hashed once and their states copied, which is twice as fast as
    one HMAC call a slot.
    """
    if len(k_p) != KEY_LENGTH:
        raise InputError("key_length", f"a notarization key has {KEY_LENGTH} bytes, not {len(k_p)}")
    inner_copy = sha256(k_p.ljust(64, b"\0").translate(_INNER_PAD)).copy
    outer_copy = sha256(k_p.ljust(64, b"\0").translate(_OUTER_PAD)).copy
    salts = []
    for message in _nonce_messages(slot_count):
        inner, outer = inner_copy(), outer_copy()
        inner.update(message)
        outer.update(inner.digest())
        salts.append(outer.digest())
    return salts


@lru_cache(maxsize=8)
def _nonce_messages(slot_count: int) -> list[bytes]:
    return [b"lecn.non" + slot.to_bytes(4, "big") for slot in range(slot_count)]


def slot_hash(salt: bytes, slot: int, value_wh: int | None, quality: int) -> bytes:
    """Leaf hash of one opened slot."""
    return slot_hashes([salt], [(value_wh, quality)], first_slot=slot)[0]


def slot_hashes(salts: Iterable[bytes], readings: Sequence[Reading], first_slot: int = 0) -> list[bytes]:
    """Leaf hashes of consecutive slots; InputError for a value or quality that no leaf can hold."""
    pack, hash_, prefix = _SLOT_TAIL.pack, sha256, _SLOT_PREFIX
    hashes = []
    try:
        for slot, (salt, (value, quality)) in enumerate(zip(salts, readings, strict=True), first_slot):
            if quality == 0 or value is None:
                _check_missing(slot, value, quality)
            hashes.append(hash_(prefix + salt + pack(slot, value or 0, quality, 0)).digest())
    except struct.error as cause:
        raise InputError("slot_value", f"slot {slot} does not fit its leaf: {cause}") from None
    return hashes


def _check_missing(slot: int, value: int | None, quality: int) -> None:
    if value or quality:
        raise InputError("slot_value", f"slot {slot} has value {value} with quality {quality}")


def check_qualities(readings: Iterable[Reading]) -> None:
    """InputError unless every quality is 0 .. 4."""
    if unknown := {quality for _, quality in readings} - {0, 1, 2, 3, 4}:
        raise InputError("slot_quality", f"quality {min(unknown)} is not known: 0 missing to 4 substituted")


def series_hashes(k_p: bytes, header: SeriesHeader, readings: Sequence[Reading]) -> list[bytes]:
    """All leaf hashes of a series tree, the header's first; `header.nonce` must be that of `k_p`."""
    if len(readings) != header.slot_count:
        raise InputError("slot_count", f"{len(readings)} readings for {header.slot_count} slots")
    check_qualities(readings)
    return [leaf_hash(header.encode()), *slot_hashes(slot_nonces(k_p, header.slot_count), readings)]


def header_nonce(k_p: bytes) -> bytes:
    """The salt of the series header under `k_p`."""
    return nonce(k_p, HEADER_INDEX)


def data_leaf(position: int, series_root: bytes, tree_size: int) -> bytes:
    """Preimage of the leaf that holds series `position` under the data root."""
    return b"lecn.dat" + position.to_bytes(4, "big") + series_root + tree_size.to_bytes(4, "big")


def data_root(series: Iterable[tuple[bytes, int]]) -> bytes:
    """Root over (series root, tree size) in order; 32 zero bytes without series."""
    return merkle_root(data_leaf(position, root, size) for position, (root, size) in enumerate(series))
