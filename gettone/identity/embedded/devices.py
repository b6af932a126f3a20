"""The device flow, by which the command line logs in: a code on the terminal, confirmed in a browser."""

import secrets
from typing import Any, Final

from gettone.identity.embedded.people import new_ticket
from gettone.identity.embedded.realm import EmbeddedRealm
from gettone.identity.embedded.sessions import hashed_ticket
from gettone.identity.embedded.store import Transaction

LIFE_S: Final = 600
INTERVAL_S: Final = 1
_KIND: Final = "device"
_ALPHABET: Final = "BCDFGHJKLMNPQRSTVWXZ"


def start_device(realm: EmbeddedRealm, db: Transaction, client: str) -> dict[str, Any]:
    """The answer to a command line that wants to log in."""
    ticket = new_ticket()
    user_code = "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(2))
    doc = {"client": client, "user_code": user_code, "state": "pending", "sid": None}
    db.put(_KIND, hashed_ticket(ticket), doc, expires_s=realm.now_s + LIFE_S)
    uri = f"{realm.issuer}/device"
    return {
        "device_code": ticket,
        "user_code": user_code,
        "verification_uri": uri,
        "verification_uri_complete": f"{uri}?user_code={user_code}",
        "expires_in": LIFE_S,
        "interval": INTERVAL_S,
    }


def device_of(db: Transaction, user_code: str) -> tuple[str, str] | None:
    """Key and client of the pending device with that code."""
    for key, doc in db.all_of(_KIND).items():
        if doc["user_code"] == user_code.strip().upper() and doc["state"] == "pending":
            return key, str(doc["client"])
    return None


def answer_device(db: Transaction, key: str, sid: str | None) -> None:
    """Let a device log in to the session `sid`; None refuses it."""
    doc = db.get(_KIND, key)
    if doc is not None:
        db.put(_KIND, key, {**doc, "state": "denied" if sid is None else "approved", "sid": sid})


def redeem_device(db: Transaction, ticket: str, client: str) -> str:
    """The session that a device was let into, once; otherwise the error of RFC 8628 after a colon."""
    key = hashed_ticket(ticket)
    doc = db.get(_KIND, key)
    if doc is None or doc["client"] != client:
        return ":invalid_grant"
    if doc["state"] == "pending":
        return ":authorization_pending"
    db.delete(_KIND, key)
    return str(doc["sid"]) if doc["state"] == "approved" else ":access_denied"
