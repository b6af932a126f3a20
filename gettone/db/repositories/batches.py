"""Batches of ingestion and their rejected rows."""

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass

from sqlalchemy import Connection, RowMapping, func, insert, select

from gettone.db.id_lists import among
from gettone.db.repositories.ingest_log import IngestLog
from gettone.db.tables import Batch, Reject
from gettone.metering.codes import known_code


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
    """A batch; `state` as in §3.1, `received_at` unix ms, `report` canonical JSON.

    nonce: of its leaves.  flow_config: number of the configuration it was received under.  derived_from: the batch
    whose rows it repeats or corrects.  merge_no: its place among the merged ones.  The instants are unix ms.
    """

    batch_id: int
    flow_id: int
    sha256: bytes | None
    size_bytes: int
    received_at: int
    state: str
    counters: Counters
    report: str
    nonce: bytes | None = None
    flow_config: int = 1
    derived_from: int | None = None
    merge_no: int | None = None
    received_leaf: int | None = None
    outcome_leaf: int | None = None
    registry_sha256: bytes | None = None
    attempts: int = 0
    lease_until: int | None = None
    retry_at: int | None = None
    parked_until: int | None = None


@dataclass(frozen=True, slots=True)
class RejectRow:
    """A refused row; `raw` is sealed under the `rejects` key of the installation.

    state: open, fixed or accepted.  parked_until: how long a row of an unknown device waits for it [unix ms].
    """

    row_no: int
    code: str
    field: str | None
    raw: bytes
    state: str = "open"
    parked_until: int | None = None


class Batches:
    """Reads and writes `batches` and `rejects`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def highest(self) -> int:
        """How many batches were merged: the number is the `freeze_batch` of a settlement frozen now (§8).

        Batches are numbered again when they merge, in the order of their commits: what was parked or failed merges
        later than its receipt, and must not slip under a cut.
        """
        return self._connection.execute(select(func.max(Batch.merge_no))).scalar() or 0

    def next_id(self) -> int:
        """The id the next batch gets; ids are dense, so nobody else gets one before this transaction ends."""
        IngestLog(self._connection).lock()
        return (self._connection.execute(select(func.max(Batch.batch_id))).scalar() or 0) + 1

    def with_digest(self, flow_id: int, sha256: bytes) -> tuple[BatchRow, ...]:
        """The batches of a flow with this content, newest first: at most one is done."""
        query = _BATCH.where(Batch.flow_id == flow_id, Batch.sha256 == sha256).order_by(Batch.batch_id.desc())
        return tuple(_batch(row) for row in self._connection.execute(query).mappings())

    def get(self, batch_ids: Iterable[int]) -> dict[int, BatchRow]:
        """Batches by id."""
        query = _BATCH.where(among(self._connection, Batch.batch_id, sorted(set(batch_ids))))
        return {row["batch_id"]: _batch(row) for row in self._connection.execute(query).mappings()}

    def all(self) -> tuple[BatchRow, ...]:
        """All batches, by id."""
        return tuple(_batch(row) for row in self._connection.execute(_BATCH.order_by(Batch.batch_id)).mappings())

    def add(self, row: BatchRow) -> None:
        """Store one batch; one that is done already gets the next number among the merged ones."""
        merge_no = self.highest() + 1 if row.state == "done" and row.merge_no is None else row.merge_no
        values = {name: getattr(row.counters, name) for name in Counters.__slots__}
        values |= {name: getattr(row, name) for name in _PLAIN}
        self._connection.execute(insert(Batch).values(**values | {"bytes": row.size_bytes, "merge_no": merge_no}))

    def add_rejects(self, batch_id: int, rows: Sequence[RejectRow]) -> None:
        """Store the refused rows of a merged batch; CheckFailed for a reason that is no code of the rules."""
        if rows:
            values = [
                {
                    "batch_id": batch_id,
                    "row_no": r.row_no,
                    "code": known_code(r.code),
                    "field": r.field,
                    "raw": r.raw,
                    "state": r.state,
                    "parked_until": r.parked_until,
                }
                for r in rows
            ]
            self._connection.execute(insert(Reject), values)

    def rejects(self, batch_id: int) -> tuple[RejectRow, ...]:
        """The refused rows of a batch, by row number."""
        query = select(*(getattr(Reject, name) for name in RejectRow.__slots__))
        rows = self._connection.execute(query.where(Reject.batch_id == batch_id).order_by(Reject.row_no))
        return tuple(RejectRow(*row) for row in rows)


_BATCH = select(Batch.__table__)
_PLAIN = tuple(name for name in BatchRow.__slots__ if name not in ("size_bytes", "counters", "merge_no"))


def _batch(row: RowMapping) -> BatchRow:
    return BatchRow(
        size_bytes=row["bytes"],
        counters=Counters(**{name: row[name] for name in Counters.__slots__}),
        merge_no=row["merge_no"],
        **{name: row[name] for name in _PLAIN},
    )
