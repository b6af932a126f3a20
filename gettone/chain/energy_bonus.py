"""Energy bonuses of a GSE period: one entry per member, in chunks under one root (contracts.md §8).

The leaf of a chunk is SHA-256 over 0x00, "gettone.energy", the chunk's number and its entries of 33 bytes; the
root is that of RFC 6962 §2.1 over the leaves.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise

from gettone.chain.consent import member_id_bytes
from gettone.errors import InputError
from gettone.notary.tree import inclusion_paths, leaf_hash, root_of_hashes

_TAG = b"gettone.energy"


class EnergyProfile(IntEnum):
    """How a member takes part in the sharing of energy."""

    CONSUMER = 0
    PROSUMER = 1
    PROSUMER_WITH_STORAGE = 2


@dataclass(frozen=True, slots=True)
class EnergyBonusEntry:
    """One member's bonus; `member_id` 64 hex digits."""

    member_id: str
    profile: EnergyProfile

    def to_bytes(self) -> bytes:
        """Member id and profile, 33 bytes."""
        return member_id_bytes(self.member_id) + bytes([self.profile])


@dataclass(frozen=True, slots=True)
class EnergyBonusPlan:
    """The chunks of one run, member ids ascending through all of them; one proof a chunk."""

    chunks: tuple[tuple[EnergyBonusEntry, ...], ...]
    root: bytes
    proofs: tuple[tuple[bytes, ...], ...]
    entry_count: int


def plan_energy_bonus(entries: Iterable[EnergyBonusEntry], chunk_size: int) -> EnergyBonusPlan:
    """Order and chunk the entries; InputError `energy_bonus` for none, or for a member that comes twice."""
    ordered = sorted(entries, key=lambda one: one.member_id)
    if not ordered or chunk_size < 1:
        raise InputError("energy_bonus", f"{len(ordered)} entries in chunks of {chunk_size}: give at least 1 of both")
    for before, after in pairwise(ordered):
        if before.member_id == after.member_id:
            raise InputError("energy_bonus", f"member {after.member_id} has two entries: one bonus each in a period")
    chunks = tuple(tuple(ordered[at : at + chunk_size]) for at in range(0, len(ordered), chunk_size))
    hashes = [_chunk_hash(at, chunk) for at, chunk in enumerate(chunks)]
    proofs = tuple(tuple(path) for path in inclusion_paths(hashes, range(len(hashes))))
    return EnergyBonusPlan(chunks, root_of_hashes(hashes), proofs, len(ordered))


def _chunk_hash(chunk: int, entries: Sequence[EnergyBonusEntry]) -> bytes:
    return leaf_hash(_TAG + chunk.to_bytes(4, "big") + b"".join(one.to_bytes() for one in entries))
