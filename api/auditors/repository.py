"""What the routes read of auditors."""

from sqlalchemy import Connection

from gettone.db.repositories.auditor_reads import AuditorReads, ReadRow
from gettone.db.repositories.grants import GrantRow, Grants

EVERYBODY = 100_000


def auditors(connection: Connection, community_id: int, now_ms: int) -> list[GrantRow]:
    """The grants of auditors in a community that have not ended."""
    found = Grants(connection).of_community(community_id, now_ms, None, EVERYBODY)
    return [one for one in found if one.role == "AU"]


def reads(connection: Connection, community_id: int, reader: str, before: int | None, limit: int) -> list[ReadRow]:
    """What one auditor looked at, the newest first."""
    return AuditorReads(connection).newest(community_id, reader, before, limit)
