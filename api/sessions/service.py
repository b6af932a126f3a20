"""Sessions end here at once and at the provider soon after; the provider ends them the other way round (F7)."""

from api.access import Access
from api.context import ApiContext
from api.instants import instant_text
from api.operations.repository import asker_of
from api.refusals import Malformed, NotFound
from api.sessions import repository
from api.sessions.schemas import SessionBody, SessionList
from api.unusual import END_SESSION
from gettone.db.repositories.operations import Operations
from gettone.identity.claims import BadToken


def read_sessions(context: ApiContext, access: Access) -> SessionList:
    """The caller's last sessions."""
    user_id, current = access.person.user_id, access.claims.session
    if user_id is None:
        return SessionList(items=[])
    with context.database.read() as connection:
        rows = repository.sessions_of(connection, user_id)
    bodies = [
        SessionBody(
            id=row.sid,
            begun_at=instant_text(row.begun_at),
            agent=row.visit.agent,
            surprise_millibits=row.surprise_millibits,
            needs_factor=row.needs_factor,
            current=row.sid == current,
        )
        for row in rows
    ]
    return SessionList(items=bodies)


def end_session(context: ApiContext, access: Access, sid: str) -> None:
    """End a session of the caller; NotFound for anybody else's.  Ending it again changes nothing."""
    user_id = access.person.user_id
    with context.database.write() as connection:
        mine = {row.sid for row in repository.sessions_of(connection, user_id)} if user_id is not None else set()
        if sid not in mine:
            raise NotFound("not_found", "there is no such session of yours")
        if repository.end(connection, sid, context.clock()):
            Operations(connection).add(END_SESSION, {"sid": sid}, asker_of(access.person), context.clock())


def take_logout(context: ApiContext, token: str) -> None:
    """End the session of a logout token; Malformed for one that is forged, foreign, or came before (F7-b)."""
    if context.logouts is None:
        raise Malformed("malformed", "no identity provider is configured here")
    try:
        ended = context.logouts.ended_session(token)
    except BadToken:
        raise Malformed("malformed", "this is no logout token of the identity provider") from None
    with context.database.write() as connection:
        if not repository.end(connection, ended.session, context.clock()):
            raise Malformed("malformed", "this logout token came before")
