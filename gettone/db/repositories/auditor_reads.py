"""What auditors looked at."""

from typing import NamedTuple

from sqlalchemy import Connection, insert, select

from gettone.db.tables import AuditorRead


class ReadRow(NamedTuple):
    """One read; `at` in unix ms."""

    read_id: int
    action: str
    path: str
    at: int


class AuditorReads:
    """Reads and writes `auditor_reads`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, community_id: int, reader: str, action: str, path: str, now_ms: int) -> None:
        """Write a read down."""
        values = {"community_id": community_id, "reader": reader, "action": action, "path": path, "at": now_ms}
        self._connection.execute(insert(AuditorRead).values(**values))

    def newest(self, community_id: int, reader: str, before: int | None, limit: int) -> list[ReadRow]:
        """The newest reads of one auditor in a community, older than number `before`."""
        query = select(*(getattr(AuditorRead, name) for name in ReadRow._fields)).where(
            AuditorRead.community_id == community_id, AuditorRead.reader == reader
        )
        if before is not None:
            query = query.where(AuditorRead.read_id < before)
        rows = self._connection.execute(query.order_by(AuditorRead.read_id.desc()).limit(limit))
        return [ReadRow(*row) for row in rows]
