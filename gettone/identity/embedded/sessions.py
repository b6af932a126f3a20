"""Sessions: one login for all applications, with the level that was reached and when (F6-F8, F13)."""

import secrets
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from gettone.identity.embedded.passwords import hashed_code
from gettone.identity.embedded.people import new_ticket
from gettone.identity.embedded.realm import EmbeddedRealm
from gettone.identity.embedded.store import Transaction

_SESSION: Final = "session"
_COOKIE: Final = "session-cookie"
_REFRESH: Final = "refresh"


@dataclass
class Session:
    """A session: the clients it logged in at, its level, and the times [unix s] of password and second factor."""

    sid: str
    sub: str
    started_s: int
    last_used_s: int
    authenticated_s: int
    second_factor_s: int | None = None
    clients: list[str] = field(default_factory=list)

    @property
    def level(self) -> int:
        """1 after a password, 2 after a second factor on top."""
        return 1 if self.second_factor_s is None else 2


class Sessions:
    """Sessions within a transaction."""

    def __init__(self, realm: EmbeddedRealm, db: Transaction) -> None:
        self._realm = realm
        self._db = db

    def begin(self, sub: str) -> tuple[Session, str]:
        """A new session and the secret of its cookie, which is stored as a hash."""
        now_s, cookie = self._realm.now_s, new_ticket()
        session = Session(secrets.token_urlsafe(18), sub, now_s, now_s, now_s)
        self.save(session)
        self._db.put(_COOKIE, hashed_ticket(cookie), {"sid": session.sid}, owner=sub, expires_s=self._ends_s(session))
        return session, cookie

    def save(self, session: Session) -> None:
        """Store a session."""
        self._db.put(_SESSION, session.sid, asdict(session), owner=session.sub, expires_s=self._ends_s(session))

    def by_cookie(self, cookie: str | None) -> Session | None:
        """The live session of a cookie."""
        found = None if not cookie else self._db.get(_COOKIE, hashed_ticket(cookie))
        return None if found is None else self.live(found["sid"])

    def live(self, sid: str) -> Session | None:
        """The session of that id, None when it ended, idled for 30 min or is 10 h old."""
        doc = self._db.get(_SESSION, sid)
        if doc is None:
            return None
        session = Session(**doc)
        idle_s = self._realm.now_s - session.last_used_s
        if idle_s > self._realm.settings["ssoSessionIdleTimeout"] or self._realm.now_s > self._ends_s(session):
            return None
        return session

    def of(self, sub: str) -> list[Session]:
        """The live sessions of a user."""
        found = [self.live(sid) for sid in self._db.all_of(_SESSION, sub)]
        return [session for session in found if session is not None]

    def end(self, sid: str) -> Session | None:
        """End a session with its refresh tokens; the session, for telling its clients, None when it had ended."""
        doc = self._db.get(_SESSION, sid)
        self._db.delete(_SESSION, sid)
        for kind in (_COOKIE, _REFRESH):
            owner = None if doc is None else doc["sub"]
            for key, found in self._db.all_of(kind, owner).items():
                if found["sid"] == sid:
                    self._db.delete(kind, key)
        return None if doc is None else Session(**doc)

    def refresh_ticket(self, session: Session, client: str, nonce: str | None) -> str:
        """A refresh token of a session, good once."""
        ticket = new_ticket()
        doc: dict[str, Any] = {"sid": session.sid, "client": client, "nonce": nonce, "is_used": False}
        self._db.put(_REFRESH, hashed_ticket(ticket), doc, owner=session.sub, expires_s=self._ends_s(session))
        return ticket

    def use_refresh(self, ticket: str, client: str) -> tuple[Session, str | None] | None:
        """Session and nonce of a refresh token; None for an unknown one, and a second use ends the session (F6)."""
        key = hashed_ticket(ticket)
        doc = self._db.get(_REFRESH, key)
        if doc is None or doc["client"] != client:
            return None
        if doc["is_used"]:
            self.end(doc["sid"])
            return None
        session = self.live(doc["sid"])
        if session is None:
            return None
        self._db.put(_REFRESH, key, {**doc, "is_used": True}, owner=session.sub, expires_s=self._ends_s(session))
        session.last_used_s = self._realm.now_s
        self.save(session)
        return session, doc["nonce"]

    def revoke_refresh(self, ticket: str, client: str) -> None:
        """Forget a refresh token and the session that it belongs to."""
        doc = self._db.get(_REFRESH, hashed_ticket(ticket))
        if doc is not None and doc["client"] == client:
            self.end(doc["sid"])

    def _ends_s(self, session: Session) -> int:
        return session.started_s + int(self._realm.settings["ssoSessionMaxLifespan"])


def hashed_ticket(ticket: str) -> str:
    """The hash under which a ticket is stored; unlike a recovery code it is not typed, so its case counts."""
    return hashed_code(ticket.encode().hex())
