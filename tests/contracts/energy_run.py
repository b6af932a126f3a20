"""Runs of the energy bonus in plain Python: who has which profile, in chunks, and their tree.

Leaf: `gettone.energy | u32 chunk | entries`, an entry being member id (32 bytes) and profile (1 byte).
"""

from collections.abc import Sequence

from payouts import leaf_hash, path_of, root_of

CONSUMER, PROSUMER, PROSUMER_WITH_STORAGE = 0, 1, 2


class EnergyRun:
    """One run per period of the GSE; `chunks[i]` is a list of (member id, profile)."""

    def __init__(self, *chunks: Sequence[tuple[bytes, int]]) -> None:
        self.chunks = [list(chunk) for chunk in chunks]
        self._hashes = [
            leaf_hash(b"gettone.energy" + number.to_bytes(4, "big") + b"".join(_packed(*entry) for entry in chunk))
            for number, chunk in enumerate(self.chunks)
        ]
        self.root = root_of(self._hashes)
        self.entry_count = sum(len(chunk) for chunk in self.chunks)

    def proof(self, chunk: int) -> list[bytes]:
        """Path from the chunk to the root."""
        return path_of(self._hashes, chunk)


def _packed(member_id: bytes, profile: int) -> bytes:
    return member_id + profile.to_bytes(1, "big")
