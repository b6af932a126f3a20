"""The ingest log of the synthetic community: a file of everybody, one of the subject alone, and their assembly."""

from dataclasses import dataclass

from gettone.notary.ingest_leaf import Leaf, LeafKind, assembly_digest
from gettone.notary.takeout import TakeoutSource, TakeoutSources
from gettone.notary.tree import inclusion_path, root_of_hashes
from tests.factories.synthetic_people import SUBJECT, throw_away

RECEIVED_MS = 1_780_000_000_000


def _leaf(index: int, kind: LeafKind, name: str, size_bytes: int, sha256: bytes) -> Leaf:
    return Leaf(
        nonce=throw_away(f"nonce {name}"),
        leaf_index=index,
        source_class=5,
        kind=kind,
        received_at=RECEIVED_MS + index,
        size_bytes=size_bytes,
        sha256=sha256,
    )


@dataclass(frozen=True)
class SyntheticLog:
    """Leaves in order; the series of the subject was made of both files, all others of the first."""

    leaves: tuple[Leaf, ...]

    @property
    def head(self) -> tuple[bytes, int]:
        """Root and size."""
        return root_of_hashes(self.hashes), len(self.leaves)

    @property
    def hashes(self) -> list[bytes]:
        """All leaf hashes."""
        return [leaf.hash() for leaf in self.leaves]

    def digest_of(self, number: int) -> bytes:
        """What the series of a member names as its source."""
        return self.hashes[4 if number == SUBJECT else 0]

    def sources_of(self, number: int) -> TakeoutSources:
        """The proofs in the take-out of a member: the file of everybody by its hash alone."""
        hashes = self.hashes
        batches = (hashes[0], hashes[2])
        wanted = (0, 2, 4) if number == SUBJECT else (0,)
        return TakeoutSources(
            *self.head,
            tuple(
                TakeoutSource(
                    hashes[index],
                    index,
                    inclusion_path(hashes, index),
                    None if index == 0 else self.leaves[index].preimage(),
                    tuple(sorted(batches)) if index == 4 else (),
                )
                for index in wanted
            ),
        )


def synthetic_log() -> SyntheticLog:
    """Two batches with their outcomes, the assembly of both, and a batch that came after."""
    first = _leaf(0, LeafKind.RECEIVED, "everybody", 2_359, throw_away("file of everybody"))
    second = _leaf(2, LeafKind.RECEIVED, "subject", 411, throw_away("file of the subject"))
    parts = (first.hash(), second.hash())
    return SyntheticLog(
        (
            first,
            _leaf(1, LeafKind.OUTCOME, "everybody", 2_359, first.sha256),
            second,
            _leaf(3, LeafKind.OUTCOME, "subject", 411, second.sha256),
            _leaf(4, LeafKind.ASSEMBLY, "assembly", len(parts), assembly_digest(parts)),
            _leaf(5, LeafKind.RECEIVED, "later", 77, throw_away("later file")),
        )
    )
