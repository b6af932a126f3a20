"""Batches of ingestion and their rejected rows."""

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass

from sqlalchemy import Connection, RowMapping, func, insert, select

from gettone.db.tables import Batch, Reject


@dataclass(frozen=True, slots=True)
class Counters:
    """Where the rows of a batch went; law 2 of the metering specification: they sum to the rows in."""

    rows_new: int = 0
    rows_changed: int = 0
    rows_confirmed: int = 0
    rows_equal: int = 0
    rows_older: int = 0
    rows_merged: int = 0
    rows_missing: int = 0
    rows_rejected: int = 0
    rows_quarantined: int = 0

    @property
    def total(self) -> int:
        """Rows accounted for."""
        return sum(astuple(self))


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A batch; `state` is done or rejected, `received_at` unix ms, `report` canonical JSON."""

    batch_id: int
    flow_id: int
    sha256: bytes | None
    size_bytes: int
    received_at: int
    state: str
    counters: Counters
    report: str


@dataclass(frozen=True, slots=True)
class RejectRow:
    """A refused row; `raw` is sealed under the `rejects` key of the installation."""

    row_no: int
    code: str
    field: str | None
    raw: bytes


class Batches:
    """Reads and writes `batches` and `rejects`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def highest(self) -> int:
        """The highest merged batch, 0 for none: the `freeze_batch` of a settlement frozen now (§8)."""
        query = select(func.max(Batch.batch_id)).where(Batch.state == "done")
        return self._connection.execute(query).scalar() or 0

    def next_id(self) -> int:
        """The id the next batch gets; dense, so only valid inside `Database.ingest`."""
        return (self._connection.execute(select(func.max(Batch.batch_id))).scalar() or 0) + 1

    def with_digest(self, flow_id: int, sha256: bytes) -> tuple[BatchRow, ...]:
        """The batches of a flow with this content, newest first: at most one is done."""
        query = _BATCH.where(Batch.flow_id == flow_id, Batch.sha256 == sha256).order_by(Batch.batch_id.desc())
        return tuple(_batch(row) for row in self._connection.execute(query).mappings())

    def get(self, batch_ids: Iterable[int]) -> dict[int, BatchRow]:
        """Batches by id."""
        query = _BATCH.where(Batch.batch_id.in_(sorted(set(batch_ids))))
        return {row["batch_id"]: _batch(row) for row in self._connection.execute(query).mappings()}

    def all(self) -> tuple[BatchRow, ...]:
        """All batches, by id."""
        return tuple(_batch(row) for row in self._connection.execute(_BATCH.order_by(Batch.batch_id)).mappings())

    def add(self, row: BatchRow) -> None:
        """Store one batch."""
        values = {name: getattr(row.counters, name) for name in Counters.__slots__}
        self._connection.execute(
            insert(Batch).values(
                batch_id=row.batch_id,
                flow_id=row.flow_id,
                sha256=row.sha256,
                bytes=row.size_bytes,
                received_at=row.received_at,
                state=row.state,
                report=row.report,
                **values,
            )
        )

    def add_rejects(self, batch_id: int, rows: Sequence[RejectRow]) -> None:
        """Store the refused rows of a merged batch."""
        if rows:
            values = [
                {
                    "batch_id": batch_id,
                    "row_no": r.row_no,
                    "code": r.code,
                    "field": r.field,
                    "raw": r.raw,
                    "state": "open",
                }
                for r in rows
            ]
            self._connection.execute(insert(Reject), values)

    def rejects(self, batch_id: int) -> tuple[RejectRow, ...]:
        """The refused rows of a batch, by row number."""
        query = select(Reject.row_no, Reject.code, Reject.field, Reject.raw)
        rows = self._connection.execute(query.where(Reject.batch_id == batch_id).order_by(Reject.row_no))
        return tuple(RejectRow(*row) for row in rows)


_BATCH = select(Batch.__table__)


def _batch(row: RowMapping) -> BatchRow:
    return BatchRow(
        batch_id=row["batch_id"],
        flow_id=row["flow_id"],
        sha256=row["sha256"],
        size_bytes=row["bytes"],
        received_at=row["received_at"],
        state=row["state"],
        counters=Counters(**{name: row[name] for name in Counters.__slots__}),
        report=row["report"],
    )
