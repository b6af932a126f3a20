"""What the routes read of the audit trail."""

from sqlalchemy import Connection

from gettone.db.repositories.audit_rows import AuditRow, AuditRows
from gettone.db.repositories.audit_trail import AuditTrail
from gettone.db.repositories.scopes import Scope


def visible(
    connection: Connection, scopes: tuple[Scope, ...] | None, before: int | None, limit: int
) -> tuple[AuditRow, ...]:
    """The newest rows within the scopes, None for all."""
    return AuditRows(connection).visible(scopes, before=before, limit=limit)


def head(connection: Connection) -> tuple[int, bytes]:
    """Number and hash of the newest row."""
    return AuditTrail(connection).head()
