"""What the routes read and write of changes."""

from sqlalchemy import Connection

from gettone.db.repositories.rule_changes import ChangeRow, RuleChanges


def of(connection: Connection, community_id: int) -> RuleChanges:
    """The changes of a community."""
    return RuleChanges(connection, community_id)


def newest(connection: Connection, community_id: int, before: tuple[int, str] | None, limit: int) -> list[ChangeRow]:
    """Changes of a community, the newest first."""
    return of(connection, community_id).newest(before, limit)
