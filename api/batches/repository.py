"""Batches and refused rows as the routes read them."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from api.context import ApiContext
from gettone.db.repositories.community_flows import flows_of
from gettone.db.tables import Batch, Flow, Reject

COUNTERS = tuple(column.key for column in Batch.__table__.columns if column.key.startswith("rows_"))


@dataclass(frozen=True, slots=True)
class StoredBatch:
    """A batch as the routes show it; instants in unix ms.  dismissal: (proposed by, reason, approved by)."""

    batch_id: int
    flow: str
    state: str
    received_at: int
    size_bytes: int
    sha256: bytes | None
    derived_from: int | None
    dismissal: tuple[str | None, str | None, str | None]
    counters: dict[str, int]
    report: str


@dataclass(frozen=True, slots=True)
class Filter:
    """Which batches are asked for; None is all."""

    state: str | None = None
    flow: str | None = None


def page(
    context: ApiContext, community_ids: tuple[int, ...], wanted: Filter, before: int | None, limit: int
) -> list[StoredBatch]:
    """Batches of flows that concern communities, the newest first, older than the number `before`."""
    with context.database.read() as connection:
        query = _BATCH.where(Batch.flow_id.in_(flows_of(community_ids)))
        if wanted.state is not None:
            query = query.where(Batch.state == wanted.state)
        if wanted.flow is not None:
            query = query.where(Flow.name == wanted.flow)
        if before is not None:
            query = query.where(Batch.batch_id < before)
        rows = connection.execute(query.order_by(Batch.batch_id.desc()).limit(limit)).all()
    return [_batch(row) for row in rows]


def find(connection: Connection, batch_id: int, community_ids: tuple[int, ...]) -> StoredBatch | None:
    """A batch of a flow that concerns a community, None for any other."""
    query = _BATCH.where(Batch.batch_id == batch_id, Batch.flow_id.in_(flows_of(community_ids)))
    row = connection.execute(query).one_or_none()
    return None if row is None else _batch(row)


def rejects(connection: Connection, batch_id: int, after: int, limit: int) -> list[tuple[int, str, str | None, str]]:
    """Refused rows after a row number: (row, code, field, state)."""
    query = select(Reject.row_no, Reject.code, Reject.field, Reject.state).where(Reject.batch_id == batch_id)
    rows = connection.execute(query.where(Reject.row_no > after).order_by(Reject.row_no).limit(limit))
    return [(row[0], row[1], row[2], row[3]) for row in rows]


_HEAD = (
    *(Batch.batch_id, Flow.name, Batch.state, Batch.received_at, Batch.bytes, Batch.sha256, Batch.derived_from),
    *(Batch.dismissal_by, Batch.dismissal_reason, Batch.dismissed_by, Batch.report),
)
_BATCH = select(*_HEAD, *(getattr(Batch, name) for name in COUNTERS)).join(Flow, Flow.flow_id == Batch.flow_id)


def _batch(row: Any) -> StoredBatch:
    return StoredBatch(
        row.batch_id,
        row.name,
        row.state,
        row.received_at,
        row.bytes,
        None if row.sha256 is None else bytes(row.sha256),
        row.derived_from,
        (row.dismissal_by, row.dismissal_reason, row.dismissed_by),
        {name: getattr(row, name) for name in COUNTERS},
        row.report,
    )
