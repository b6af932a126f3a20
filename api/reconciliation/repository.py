"""What the route reads of reconciliations."""

from sqlalchemy import Connection

from gettone.db.repositories.reconciliations import ReconciliationRow, Reconciliations
from gettone.db.repositories.scopes import Scope


def newest(
    connection: Connection, scopes: tuple[Scope, ...], before: int | None, limit: int
) -> tuple[tuple[int, ReconciliationRow], ...]:
    """The newest reconciliations with their numbers, older than number `before`."""
    return Reconciliations(connection).newest(scopes, before=before, limit=limit)
