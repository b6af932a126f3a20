"""Ending sessions, and what has to be sent to their applications once that is stored."""

from gettone.identity.embedded.realm import EmbeddedRealm
from gettone.identity.embedded.sessions import Sessions
from gettone.identity.embedded.store import Transaction
from gettone.identity.embedded.tokens import logout_messages


def end_sessions(realm: EmbeddedRealm, db: Transaction, sids: list[str]) -> list[tuple[str, str]]:
    """End sessions; address and logout token for each of their applications."""
    ended = [Sessions(realm, db).end(sid) for sid in sids]
    return [message for session in ended if session is not None for message in logout_messages(realm, db, session)]
