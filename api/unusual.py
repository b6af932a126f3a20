"""The first call of a session is looked at: a login that is unlike the ones before is told, or asked for more (F14)."""

import hmac

from fastapi import Request

from api.context import ApiContext
from api.refusals import SessionEnded
from gettone.db.repositories.audit_trail import AuditTrail, Deed
from gettone.db.repositories.login_sessions import LoginSessions, SessionRow
from gettone.db.repositories.mails import Mails
from gettone.db.repositories.operations import Asker, Operations
from gettone.identity.anomaly import (
    Verdict,
    Visit,
    band_of,
    family_of,
    network_of,
    surprise_millibits,
    verdict,
)

ANOMALOUS, END_SESSION = "login_anomalous", "session.end"


def begin_session(request: Request, context: ApiContext, user_id: str, sid: str) -> bool:
    """Note a session that begins; whether it needs a second factor.  SessionEnded for one that is too unlike."""
    now_ms = context.clock()
    visit = _visit(request, context.secret, now_ms)
    with context.database.write() as connection:
        sessions = LoginSessions(connection)
        earlier = sessions.of_person(user_id)
        millibits = surprise_millibits([one.visit for one in earlier], visit)
        follows = verdict(millibits, len(earlier))
        row = SessionRow(sid, now_ms, visit, millibits, follows is Verdict.FACTOR)
        if not sessions.note(user_id, row):
            return False
        # The very first login has nothing it could be unlike.
        if earlier and follows is not Verdict.USUAL:
            Mails(connection).add(user_id, ANOMALOUS, sid, {"agent": visit.agent}, now_ms)
        if follows is Verdict.END:
            sessions.deny(sid, now_ms)
            Operations(connection).add(END_SESSION, {"sid": sid}, Asker(user_id), now_ms)
            AuditTrail(connection).append(Deed("gettone", ANOMALOUS, user_id, after={"millibits": millibits}), now_ms)
    if follows is Verdict.END:
        raise SessionEnded
    return follows is Verdict.FACTOR


def _visit(request: Request, secret: bytes, now_ms: int) -> Visit:
    network = network_of(request.client.host if request.client else "")
    place = hmac.digest(secret, b"network" + network.encode(), "sha256")[:16]
    return Visit(place, family_of(request.headers.get("user-agent", "")), band_of(now_ms))
