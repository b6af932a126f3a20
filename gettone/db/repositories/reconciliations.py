"""The reconciliations that were made, for the nightly metric and for who wants to know what differed."""

from dataclasses import asdict, dataclass

from sqlalchemy import Connection, insert, select

from gettone.db.repositories.scopes import Scope, within
from gettone.db.tables import Reconciliation


@dataclass(frozen=True, slots=True)
class ReconciliationRow:
    """One reconciliation: instants in unix ms, `report` is JSON, `differences` how many it lists and counts."""

    community_id: int
    block_number: int
    started_by: str
    started_at: int
    finished_at: int
    differences: int
    report: str


class Reconciliations:
    """Reads and writes `reconciliations`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, row: ReconciliationRow) -> None:
        """Store a finished reconciliation."""
        self._connection.execute(insert(Reconciliation).values(**asdict(row)))

    def latest(self, community_id: int) -> ReconciliationRow | None:
        """The one of a community that finished last, None if there was none."""
        columns = (getattr(Reconciliation, name) for name in ReconciliationRow.__slots__)
        query = select(*columns).where(Reconciliation.community_id == community_id)
        newest = query.order_by(Reconciliation.finished_at.desc(), Reconciliation.reconciliation_id.desc()).limit(1)
        row = self._connection.execute(newest).one_or_none()
        return None if row is None else ReconciliationRow(*row)

    def newest(
        self, scopes: tuple[Scope, ...], *, before: int | None, limit: int
    ) -> tuple[tuple[int, ReconciliationRow], ...]:
        """The newest ones that finished within the scopes, with their numbers, those older than `before` only."""
        columns = (getattr(Reconciliation, name) for name in ReconciliationRow.__slots__)
        reached = within(scopes, Reconciliation.community_id, Reconciliation.finished_at)
        query = select(Reconciliation.reconciliation_id, *columns).where(reached)
        if before is not None:
            query = query.where(Reconciliation.reconciliation_id < before)
        rows = self._connection.execute(query.order_by(Reconciliation.reconciliation_id.desc()).limit(limit))
        return tuple((row[0], ReconciliationRow(*row[1:])) for row in rows)
