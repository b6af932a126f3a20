"""Rows that are older than their retention: counted, and deleted when asked (metering specification §2)."""

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, func, not_, or_, select, update
from sqlalchemy.orm import aliased

from gettone.db.columns import SLOT_S, Base
from gettone.db.repositories.edits import PROPOSED
from gettone.db.tables import (
    Anomaly,
    Batch,
    CoverageDay,
    Edit,
    Estimate,
    Gap,
    IngestLeaf,
    Price,
    Reading,
    ReadingVersion,
    RegisterBase,
    Reject,
    Sample,
    Weather,
)
from gettone.metering.retention import Cutoffs
from gettone.types import DAY_S

_FINISHED = ("closed", "dismissed")
_WAITING = ("received", "parsing", "retry", "parked", "dead")


class Expired(NamedTuple):
    """Rows of a table that go."""

    table: type[Base]
    condition: ColumnElement[bool]


class ExpiredRows:
    """Counts and deletes what is older than the cutoffs."""

    def __init__(self, connection: Connection, cutoffs: Cutoffs) -> None:
        self._connection = connection
        self._cutoffs = cutoffs

    def count(self) -> dict[str, int]:
        """How many rows of which table would go; a batch is counted once nothing refers to it any more."""
        found = {one.table.__tablename__: self._count(one) for one in self._expired()}
        return {name: number for name, number in found.items() if number}

    def delete(self) -> dict[str, int]:
        """Delete them, those that refer to others first; leaves of the log lose their preimage and stay."""
        deleted = {}
        for one in self._expired():
            if one.table is IngestLeaf:
                statement = update(IngestLeaf).where(one.condition).values(preimage=None)
                rows = self._connection.execute(statement).rowcount
            else:
                rows = self._connection.execute(delete(one.table).where(one.condition)).rowcount
            if rows:
                deleted[one.table.__tablename__] = rows
        return deleted

    def payloads(self) -> tuple[bytes, ...]:
        """Digests of lake files whose batches are all older than their retention and finished."""
        old = and_(Batch.received_at < self._cutoffs.payloads_s * 1000, Batch.state.not_in(_WAITING))
        found: set[bytes] = set()
        for column in (Batch.sha256, Batch.registry_sha256):
            gone = self._connection.execute(select(column).where(old, column.is_not(None))).scalars()
            kept = self._connection.execute(select(column).where(not_(old), column.is_not(None))).scalars()
            found |= {bytes(one) for one in gone if one} - {bytes(one) for one in kept if one}
        return tuple(sorted(found))

    def _expired(self) -> Iterator[Expired]:
        readings, slot = self._cutoffs.readings_s, self._cutoffs.readings_s // SLOT_S
        anomalies_slot = self._cutoffs.anomalies_s // SLOT_S
        yield Expired(Reading, Reading.slot < slot)
        yield Expired(ReadingVersion, ReadingVersion.slot < slot)
        yield Expired(Estimate, Estimate.slot < slot)
        yield Expired(Gap, Gap.first_slot < slot)
        yield Expired(CoverageDay, CoverageDay.local_day < readings // DAY_S)
        yield Expired(RegisterBase, RegisterBase.at_s < readings)
        yield Expired(Sample, Sample.slot < self._cutoffs.samples_s // SLOT_S)
        last = func.coalesce(Anomaly.last_slot, Anomaly.first_slot)
        yield Expired(Anomaly, and_(Anomaly.state.in_(_FINISHED), last < anomalies_slot))
        yield Expired(Edit, and_(Edit.state != PROPOSED, Edit.decided_at < readings * 1000))
        payload_batches = select(Batch.batch_id).where(Batch.received_at < self._cutoffs.payloads_s * 1000)
        yield Expired(Reject, Reject.batch_id.in_(payload_batches))
        yield Expired(IngestLeaf, self._leaves())
        yield Expired(Batch, self._unused_batches())

    def _leaves(self) -> ColumnElement[bool]:
        old = Batch.received_at < self._cutoffs.readings_s * 1000
        received, outcome = (select(column).where(old) for column in (Batch.received_leaf, Batch.outcome_leaf))
        mine = or_(IngestLeaf.leaf_index.in_(received), IngestLeaf.leaf_index.in_(outcome))
        return and_(IngestLeaf.preimage.is_not(None), mine)

    def _unused_batches(self) -> ColumnElement[bool]:
        """Batches that nothing refers to; the last one stays, since ids and merge numbers count on from it."""
        newest = select(func.max(Batch.batch_id)).scalar_subquery()
        merged = select(func.coalesce(func.max(Batch.merge_no), 0)).scalar_subquery()
        used = [
            exists().where(table.batch_id == Batch.batch_id)
            for table in (Reading, ReadingVersion, RegisterBase, Sample, Weather, Price, Edit, Reject)
        ]
        child = aliased(Batch)
        used.append(exists().where(child.derived_from == Batch.batch_id))
        return and_(
            Batch.received_at < self._cutoffs.readings_s * 1000,
            Batch.batch_id < newest,
            or_(Batch.merge_no.is_(None), Batch.merge_no < merged),
            *(not_(one) for one in used),
        )

    def _count(self, one: Expired) -> int:
        return self._connection.execute(select(func.count()).select_from(one.table).where(one.condition)).scalar_one()
