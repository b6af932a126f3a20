"""Members' yearly keys as they are wrapped, for the copy of them that is kept apart and for a short time."""

from typing import Any

from sqlalchemy import Connection, select

from gettone.db.bulk import insert_if_absent
from gettone.db.columns import Base
from gettone.db.tables import MemberKey

BATCH = 1_000


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
        values = [{"member_id": row[0], "year": row[1], "wrapped": bytes.fromhex(row[2])} for row in rows]
        return sum(
            insert_if_absent(self._connection, table, values[at : at + BATCH]) for at in range(0, len(values), BATCH)
        )
