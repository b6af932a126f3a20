"""The quality gate of each settlement period and its report."""

from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from gettone.db.tables import Gate
from gettone.errors import Conflict


@dataclass(frozen=True, slots=True, kw_only=True)
class GateRow:
    """State of §8, the batch that froze the readings, and the report with its SHA-256."""

    community_id: int
    period_index: int
    revision: int
    state: str
    freeze_batch: int | None
    report: str
    report_sha256: bytes
    decided_by: str | None = None
    reason: str | None = None


class Gates:
    """Reads and writes `gates`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, community_id: int, period_index: int, revision: int) -> GateRow | None:
        """The gate of a period and revision, or None."""
        query = select(*(getattr(Gate, name) for name in GateRow.__slots__)).where(
            Gate.community_id == community_id, Gate.period_index == period_index, Gate.revision == revision
        )
        row = self._connection.execute(query).mappings().one_or_none()
        return None if row is None else GateRow(**row)

    def put(self, row: GateRow) -> None:
        """Store a gate, or its next state; Conflict when it is frozen or settled with another report."""
        values = {name: getattr(row, name) for name in GateRow.__slots__}
        stored = self.find(row.community_id, row.period_index, row.revision)
        if stored is None:
            self._connection.execute(insert(Gate).values(**values))
            return
        if stored.state in ("frozen", "settled") and stored.report_sha256 != row.report_sha256:
            raise Conflict(
                "gate_frozen", f"the gate of period {row.period_index} is {stored.state} with another report"
            )
        key = (
            Gate.community_id == row.community_id,
            Gate.period_index == row.period_index,
            Gate.revision == row.revision,
        )
        self._connection.execute(update(Gate).where(*key).values(**values))

    def reopen(self, community_id: int, period_index: int, revision: int) -> None:
        """Take a freeze back, which is allowed before anything is signed (§8)."""
        key = (
            Gate.community_id == community_id,
            Gate.period_index == period_index,
            Gate.revision == revision,
        )
        self._connection.execute(
            update(Gate).where(*key, Gate.state == "frozen").values(state="ready", freeze_batch=None)
        )
