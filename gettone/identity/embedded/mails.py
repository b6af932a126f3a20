"""Messages of the demonstration's provider: they go into an outbox that it shows, and nowhere else."""

from typing import Any, Final

from gettone.identity.embedded.people import Person, new_ticket
from gettone.identity.embedded.realm import EmbeddedRealm
from gettone.identity.embedded.sessions import hashed_ticket
from gettone.identity.embedded.store import Transaction

VERIFY_S: Final = 43_200
RESET_S: Final = 900
LINK: Final = "link"


def send_verification(realm: EmbeddedRealm, db: Transaction, person: Person, flow: str | None) -> None:
    """Mail the link that confirms an address; `flow` is the login that goes on behind it."""
    link = _link(realm, db, person, "verify", VERIFY_S, flow=flow, email=person.email)
    text = "Conferma il tuo indirizzo / Confirm your e-mail address"
    realm.people(db).mail(person.email, text, f"{text}:\n{link}\n\n12 h.\n")


def send_new_address(realm: EmbeddedRealm, db: Transaction, person: Person, email: str) -> None:
    """Mail the link that makes a new address count, to that address."""
    link = _link(realm, db, person, "email", VERIFY_S, email=email)
    text = "Conferma il nuovo indirizzo / Confirm your new e-mail address"
    realm.people(db).mail(email, text, f"{text}:\n{link}\n\n12 h.\n")


def send_reset(realm: EmbeddedRealm, db: Transaction, person: Person) -> None:
    """Mail the link behind which a new password is set."""
    link = _link(realm, db, person, "reset", RESET_S)
    text = "Nuova password / New password"
    realm.people(db).mail(person.email, text, f"{text}:\n{link}\n\n15 min.\n")


def use_link(realm: EmbeddedRealm, db: Transaction, ticket: str) -> dict[str, Any] | None:
    """What a link was made for, once; None for a forged, used or expired one."""
    key = hashed_ticket(ticket)
    doc = db.get(LINK, key)
    db.delete(LINK, key)
    return None if doc is None or realm.now_s > doc["expires_s"] else doc


def _link(realm: EmbeddedRealm, db: Transaction, person: Person, kind: str, life_s: int, **more: Any) -> str:
    ticket, expires_s = new_ticket(), realm.now_s + life_s
    doc = {"kind": kind, "sub": person.sub, "expires_s": expires_s, **more}
    db.put(LINK, hashed_ticket(ticket), doc, owner=person.sub, expires_s=expires_s)
    return f"{realm.issuer}/login-actions/action-token?key={ticket}"
