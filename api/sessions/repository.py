"""Sessions of a person."""

from sqlalchemy import Connection

from gettone.db.repositories.login_sessions import LoginSessions, SessionRow


def sessions_of(connection: Connection, user_id: str) -> list[SessionRow]:
    """The last sessions of a person, the newest first."""
    return LoginSessions(connection).of_person(user_id)


def end(connection: Connection, sid: str, now_ms: int) -> bool:
    """Refuse the tokens of a session; False where they are refused already."""
    return LoginSessions(connection).deny(sid, now_ms)
