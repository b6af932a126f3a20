"""Sessions of persons, and those that ended before their tokens do."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from gettone.db.bulk import insert_if_absent
from gettone.db.columns import Base
from gettone.db.tables import DeniedSession, LoginSession
from gettone.identity.anomaly import LAST_SESSIONS, Visit

KEPT_MS = 180 * 86_400_000
# No access token lives longer (§4), so a session that is denied for this long stays ended.
DENIED_MS = 3_600_000 + 60_000


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session as its person sees it; instants in unix ms."""

    sid: str
    begun_at: int
    visit: Visit
    surprise_millibits: int
    needs_factor: bool


class LoginSessions:
    """Reads and writes `login_sessions` and `denied_sessions`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_person(self, user_id: str, limit: int = LAST_SESSIONS) -> list[SessionRow]:
        """The last sessions of a person, the newest first."""
        query = select(*LoginSession.__table__.columns).where(LoginSession.user_id == user_id)
        newest = query.order_by(LoginSession.begun_at.desc(), LoginSession.sid).limit(limit)
        return [_session(row) for row in self._connection.execute(newest)]

    def note(self, user_id: str, row: SessionRow) -> bool:
        """Keep a session that begins; False where it is known already."""
        values = {
            "sid": row.sid,
            "user_id": user_id,
            "begun_at": row.begun_at,
            "needs_factor": row.needs_factor,
            "surprise_millibits": row.surprise_millibits,
            "place": row.visit.place,
            "agent": row.visit.agent,
            "band": row.visit.band,
        }
        table = Base.metadata.tables[LoginSession.__tablename__]
        return insert_if_absent(self._connection, table, [values]) == 1

    def deny(self, sid: str, now_ms: int) -> bool:
        """Refuse the tokens of a session from now on; False where they are refused already."""
        self._connection.execute(delete(DeniedSession).where(DeniedSession.sid == sid, DeniedSession.until <= now_ms))
        if self._connection.execute(select(DeniedSession.sid).where(DeniedSession.sid == sid)).first() is not None:
            return False
        self._connection.execute(insert(DeniedSession).values(sid=sid, until=now_ms + DENIED_MS))
        return True

    def expire(self, now_ms: int) -> int:
        """Delete what is older than its time; how many rows."""
        old = delete(LoginSession).where(LoginSession.begun_at <= now_ms - KEPT_MS)
        ended = delete(DeniedSession).where(DeniedSession.until <= now_ms)
        return self._connection.execute(old).rowcount + self._connection.execute(ended).rowcount

    def forget(self, user_id: str) -> int:
        """Delete the sessions of a person; how many."""
        return self._connection.execute(delete(LoginSession).where(LoginSession.user_id == user_id)).rowcount


def _session(row: Row[Any]) -> SessionRow:
    visit = Visit(bytes(row.place), row.agent, row.band)
    return SessionRow(row.sid, row.begun_at, visit, row.surprise_millibits, row.needs_factor)
