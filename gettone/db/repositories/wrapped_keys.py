"""Members' yearly keys as they are wrapped, for the copy of them that is kept apart and for a short time."""

from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from gettone.db.columns import Base
from gettone.db.tables import MemberKey


class WrappedMemberKeys:
    """Reads and writes `member_keys` without opening any."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> list[list[Any]]:
        """[member id, year, wrapped key as hex] of every key."""
        query = select(MemberKey.member_id, MemberKey.year, MemberKey.wrapped)
        rows = self._connection.execute(query.order_by(MemberKey.member_id, MemberKey.year))
        return [[row[0], row[1], bytes(row[2]).hex()] for row in rows]

    def put(self, rows: list[list[Any]]) -> int:
        """Add those that are missing; how many."""
        table = Base.metadata.tables[MemberKey.__tablename__]
        dialect = postgresql if self._connection.dialect.name == "postgresql" else sqlite
        values = [{"member_id": row[0], "year": row[1], "wrapped": bytes.fromhex(row[2])} for row in rows]
        before = len(self.all())
        if values:
            self._connection.execute(dialect.insert(table).on_conflict_do_nothing(), values)
        return len(self.all()) - before
