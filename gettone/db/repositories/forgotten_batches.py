"""Batches as an erasure sees them: which payloads they have, and blanking what would confirm a guessed reading (§2)."""

import json
from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Connection, delete, exists, func, select, update

from gettone.db.repositories.ingest_log import IngestLog
from gettone.db.tables import Batch, PendingCheck, Reading, Reject
from gettone.jcs import canonical


class StoredPayload(NamedTuple):
    """A batch with the digests of its payload and of its registry in the lake."""

    batch_id: int
    flow_id: int
    flow_config: int
    sha256: bytes | None
    registry_sha256: bytes | None
    derived_from: int | None


class Touched(NamedTuple):
    """A batch that held a row of the member, with what replaced its payload and registry; None for nothing."""

    batch_id: int
    rest: bytes | None
    registry: bytes | None


class ForgottenBatches:
    """Reads batches, and blanks those that held a row of a member."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def highest(self) -> int:
        """The id of the last batch, 0 for none."""
        return self._connection.execute(select(func.max(Batch.batch_id))).scalar() or 0

    def after(self, batch_id: int) -> tuple[StoredPayload, ...]:
        """All batches that came after one, by id."""
        columns = (getattr(Batch, name) for name in StoredPayload._fields)
        query = select(*columns).where(Batch.batch_id > batch_id).order_by(Batch.batch_id)
        return tuple(StoredPayload(*row) for row in self._connection.execute(query))

    def rejects(self) -> tuple[tuple[int, int, bytes], ...]:
        """All refused rows as stored: (batch id, row number, sealed text)."""
        query = select(Reject.batch_id, Reject.row_no, Reject.raw).order_by(Reject.batch_id, Reject.row_no)
        return tuple((row[0], row[1], bytes(row[2])) for row in self._connection.execute(query))

    def drop_rejects(self, rows: Iterable[tuple[int, int]]) -> int:
        """Delete refused rows; how many."""
        return sum(
            self._connection.execute(
                delete(Reject).where(Reject.batch_id == batch_id, Reject.row_no == row_no)
            ).rowcount
            for batch_id, row_no in rows
        )

    def drop_checks(self, touched: Iterable[Touched]) -> int:
        """Delete what is still to be judged of batches that left no reading to judge; how many."""
        query = delete(PendingCheck).where(PendingCheck.batch_id.in_([one.batch_id for one in touched]))
        bounds = (Reading.slot >= PendingCheck.from_slot, Reading.slot < PendingCheck.to_slot)
        left = exists().where(Reading.batch_id == PendingCheck.batch_id, *bounds)
        return self._connection.execute(query.where(~left)).rowcount

    def blank(self, touched: Iterable[Touched]) -> None:
        """Blank digest, nonce and preimages of these batches; their leaf hashes, counters and codes stay."""
        leaves: list[int] = []
        for one in touched:
            query = select(Batch.report, Batch.received_leaf, Batch.outcome_leaf).where(Batch.batch_id == one.batch_id)
            report, *found = self._connection.execute(query).one()
            leaves += [leaf for leaf in found if leaf is not None]
            rest = None if one.rest is None else one.rest.hex()
            values = {"sha256": None, "nonce": None, "registry_sha256": one.registry}
            document = canonical(json.loads(report) | {"erased_rows": True, "rest_sha256": rest}).decode()
            self._connection.execute(
                update(Batch).where(Batch.batch_id == one.batch_id).values(**values, report=document)
            )
        IngestLog(self._connection).blank(leaves)
