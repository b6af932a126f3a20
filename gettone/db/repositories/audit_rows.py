"""Reading the audit trail: the rows that a reader may see, and all of them as they are chained."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, and_, func, select

from gettone.db.repositories.audit_trail import CHAINED
from gettone.db.repositories.scopes import Scope, within
from gettone.db.tables import AuditEntry, AuditText, Community

REASON = "reason"


class AuditRow(NamedTuple):
    """A row of the trail; digests are salted, `reason_text` is None where it was never given or is erased."""

    entry: int
    at: int
    actor: str
    action: str
    community: str | None
    subject: str
    before: bytes | None
    after: bytes | None
    reason: bytes | None
    hash: bytes
    reason_text: str | None


class AuditRows:
    """Reads `audit_trail` with its communities and reasons."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def visible(self, scopes: tuple[Scope, ...] | None, *, before: int | None, limit: int) -> tuple[AuditRow, ...]:
        """The newest rows within the scopes (None: all rows), older than entry `before`."""
        query = _rows() if scopes is None else _rows().where(within(scopes, AuditEntry.community_id, AuditEntry.at))
        if before is not None:
            query = query.where(AuditEntry.entry < before)
        found = self._connection.execute(query.order_by(AuditEntry.entry.desc()).limit(limit))
        return tuple(AuditRow(*row) for row in found)

    def last_at(self, action: str, subject: str, community_id: int) -> int | None:
        """When a deed was last done to a subject [unix ms]; None for never."""
        same = (AuditEntry.action == action, AuditEntry.subject == subject, AuditEntry.community_id == community_id)
        return self._connection.execute(select(func.max(AuditEntry.at)).where(*same)).scalar_one()

    def chained(self) -> Iterator[dict[str, Any]]:
        """Every row with what its hash covers, in order; digests in hex, so that anybody can follow the chain."""
        columns = [getattr(AuditEntry, name) for name in (*CHAINED, "hash")]
        for row in self._connection.execute(select(*columns).order_by(AuditEntry.entry)).yield_per(1000):
            yield {name: _plain(value) for name, value in row._mapping.items()}


def _rows() -> Select[*tuple[Any, ...]]:
    names = ("entry", "at", "actor", "action")
    reason = and_(AuditText.entry == AuditEntry.entry, AuditText.part == REASON)
    return (
        select(
            *(getattr(AuditEntry, name) for name in names),
            Community.slug,
            *(getattr(AuditEntry, name) for name in ("subject", "before", "after", "reason", "hash")),
            AuditText.text,
        )
        .outerjoin(Community, Community.community_id == AuditEntry.community_id)
        .outerjoin(AuditText, reason)
    )


def _plain(value: Any) -> Any:
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else value
