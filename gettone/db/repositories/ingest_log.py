"""The append-only log of what was received and what became of it: a tree of RFC 6962 (§2)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, insert, select, text, update

from gettone.db.id_lists import among
from gettone.db.tables import IngestLeaf
from gettone.errors import MissingInput
from gettone.notary.ingest_leaf import Leaf, LeafKind
from gettone.notary.tree import inclusion_paths, root_of_hashes

# Whoever appends holds this until the commit: indexes stay dense, and batches get their numbers in the same order.
LOG_LOCK = 0x6C656E67


@dataclass(frozen=True, slots=True)
class LeafRow:
    """A stored leaf; `preimage` is None where a person was erased."""

    leaf_index: int
    kind: LeafKind
    leaf_hash: bytes
    preimage: bytes | None


@dataclass(frozen=True, slots=True)
class Inclusion:
    """Proof that a leaf is in the log of `size` leaves with root `root`."""

    leaf_index: int
    leaf_hash: bytes
    size: int
    path: tuple[bytes, ...]
    root: bytes


class IngestLog:
    """Appends to and proves entries of `ingest_log`; an append is part of the caller's transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lock(self) -> None:
        """Be alone among those who append until the commit."""
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOG_LOCK})

    def append(
        self,
        kind: LeafKind,
        *,
        nonce: bytes,
        source_class: int,
        received_at: int,
        size_bytes: int,
        sha256: bytes,
        report_sha256: bytes = bytes(32),
    ) -> LeafRow:
        """Add the next leaf; the fields are those of `Leaf`."""
        self.lock()
        leaf = Leaf(
            nonce=nonce,
            leaf_index=self.size(),
            source_class=source_class,
            kind=kind,
            received_at=received_at,
            size_bytes=size_bytes,
            sha256=sha256,
            report_sha256=report_sha256,
        )
        row = LeafRow(leaf.leaf_index, kind, leaf.hash(), leaf.preimage())
        self._connection.execute(
            insert(IngestLeaf).values(
                leaf_index=row.leaf_index, kind=int(kind), leaf_hash=row.leaf_hash, preimage=row.preimage
            )
        )
        return row

    def size(self) -> int:
        """How many leaves there are; indexes are dense."""
        last = self._connection.execute(select(func.max(IngestLeaf.leaf_index))).scalar()
        return 0 if last is None else last + 1

    def head(self, size: int | None = None) -> tuple[bytes, int]:
        """Root and size of the log, or of its first `size` leaves; 32 zero bytes and 0 for the empty one."""
        hashes = self._hashes(size)
        return root_of_hashes(hashes), len(hashes)

    def get(self, leaf_index: int) -> LeafRow:
        """One leaf; MissingInput for an index that is not in the log."""
        found = self._connection.execute(_LEAF.where(IngestLeaf.leaf_index == leaf_index)).one_or_none()
        if found is None:
            raise MissingInput("leaf_unknown", f"the ingest log has no leaf {leaf_index}")
        return _row(found)

    def of_kind(self, kind: LeafKind) -> tuple[LeafRow, ...]:
        """All leaves of one kind, in order."""
        query = _LEAF.where(IngestLeaf.kind == int(kind)).order_by(IngestLeaf.leaf_index)
        return tuple(_row(one) for one in self._connection.execute(query))

    def find(self, leaf_hashes: Iterable[bytes]) -> dict[bytes, LeafRow]:
        """A few leaves by hash."""
        query = _LEAF.where(IngestLeaf.leaf_hash.in_(sorted(set(leaf_hashes))))
        return {row.leaf_hash: row for row in map(_row, self._connection.execute(query))}

    def at(self, leaf_indexes: Iterable[int]) -> dict[int, LeafRow]:
        """Leaves by index; an index that is not in the log is left out."""
        query = _LEAF.where(among(self._connection, IngestLeaf.leaf_index, sorted(set(leaf_indexes))))
        return {row.leaf_index: row for row in map(_row, self._connection.execute(query))}

    def inclusions(self, leaf_indexes: Iterable[int], size: int | None = None) -> tuple[Inclusion, ...]:
        """Proofs of leaves in the log, or in its first `size` leaves; MissingInput for an index outside."""
        wanted, hashes = list(leaf_indexes), self._hashes(size)
        outside = [index for index in wanted if not 0 <= index < len(hashes)]
        if outside:
            raise MissingInput("leaf_unknown", f"the ingest log of {len(hashes)} leaves has no leaf {outside[0]}")
        root, paths = root_of_hashes(hashes), inclusion_paths(hashes, wanted)
        return tuple(
            Inclusion(index, hashes[index], len(hashes), tuple(path), root)
            for index, path in zip(wanted, paths, strict=True)
        )

    def blank(self, leaf_indexes: Iterable[int]) -> None:
        """Forget preimages, when a person is erased: they would confirm a guessed reading; the hashes stay."""
        chosen = IngestLeaf.leaf_index.in_(list(leaf_indexes))
        self._connection.execute(update(IngestLeaf).where(chosen).values(preimage=None))

    def _hashes(self, size: int | None) -> list[bytes]:
        query = select(IngestLeaf.leaf_hash).order_by(IngestLeaf.leaf_index)
        if size is not None:
            query = query.where(IngestLeaf.leaf_index < size)
        return [bytes(one) for one in self._connection.execute(query).scalars()]


_LEAF = select(IngestLeaf.leaf_index, IngestLeaf.kind, IngestLeaf.leaf_hash, IngestLeaf.preimage)


def _row(row: Any) -> LeafRow:
    leaf_index, kind, leaf, preimage = row
    return LeafRow(leaf_index, LeafKind(kind), bytes(leaf), None if preimage is None else bytes(preimage))
