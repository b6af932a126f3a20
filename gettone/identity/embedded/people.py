"""Users of the demonstration's provider, and what happened to them."""

import json
import re
import secrets
import sqlite3
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Final

from gettone.identity.embedded.passwords import is_password
from gettone.identity.embedded.store import Transaction
from gettone.identity.provider import AddressTaken, IdentityEventKind

FAILURES: Final = 5
LOCK_S: Final = 60
DEFAULT_ROLES: Final = ("member",)
_ADDRESS: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass
class Person:
    """A user with what is stored of one; times are unix seconds or, as `_ms`, milliseconds."""

    sub: str
    email: str
    given_name: str
    family_name: str
    created_ms: int
    is_enabled: bool = True
    email_verified: bool = False
    password: str | None = None
    totp_secret: str | None = None
    totp_last_step: int = 0
    recovery_codes: list[str] = field(default_factory=list)
    roles: list[str] = field(default_factory=lambda: list(DEFAULT_ROLES))
    failures: int = 0
    locked_until_s: int = 0


class People:
    """Users within a transaction."""

    def __init__(self, db: Transaction, clock_ms: Callable[[], int]) -> None:
        self._db = db
        self._clock_ms = clock_ms

    def create(self, email: str, given_name: str, family_name: str) -> Person:
        """A new user with an address that is not confirmed; AddressTaken for a known one."""
        person = Person(str(uuid.uuid4()), email.strip().lower(), given_name, family_name, self._clock_ms())
        try:
            self._db.sql.execute(
                "INSERT INTO users (sub, email, doc) VALUES (?, ?, ?)",
                (person.sub, person.email, json.dumps(asdict(person))),
            )
        except sqlite3.IntegrityError:
            raise AddressTaken from None
        return person

    def save(self, person: Person) -> None:
        """Store a changed user; AddressTaken where another one has the address."""
        try:
            self._db.sql.execute(
                "UPDATE users SET email = ?, doc = ? WHERE sub = ?",
                (person.email, json.dumps(asdict(person)), person.sub),
            )
        except sqlite3.IntegrityError:
            raise AddressTaken from None

    def by_sub(self, sub: str) -> Person | None:
        """The user of that `sub`."""
        return self._one("SELECT doc FROM users WHERE sub = ?", sub)

    def by_email(self, email: str) -> Person | None:
        """The user with that address, whatever its case."""
        return self._one("SELECT doc FROM users WHERE email = ?", email.strip())

    def search(self, text: str, first: int, limit: int) -> list[Person]:
        """Users whose address or name contains `text`, in the order of addresses."""
        rows = self._db.sql.execute("SELECT doc FROM users ORDER BY email")
        every = [Person(**json.loads(row[0])) for row in rows]
        wanted = text.lower()
        found = [one for one in every if wanted in f"{one.email} {one.given_name} {one.family_name} {one.sub}".lower()]
        return found[first : first + limit]

    def delete(self, person: Person, kind: IdentityEventKind, session: str | None = None) -> None:
        """Delete a user with everything that is kept of one; the event alone stays."""
        self._db.sql.execute("DELETE FROM users WHERE sub = ?", (person.sub,))
        self._db.sql.execute("DELETE FROM mails WHERE receiver = ?", (person.email,))
        self._db.delete_owned_by(person.sub)
        self.tell(kind, person.sub, session)

    def tell(self, kind: IdentityEventKind, sub: str, session: str | None = None) -> None:
        """Keep an event."""
        self._db.sql.execute(
            "INSERT INTO events (at_ms, kind, sub, session) VALUES (?, ?, ?, ?)",
            (self._clock_ms(), kind.value, sub, session),
        )

    def checked(self, email: str, password: str) -> Person | None:
        """The user with that address and password; None for a wrong, locked or disabled one, which counts."""
        person = self.by_email(email)
        is_right = is_password(password, None if person is None else person.password)
        if person is None or not person.is_enabled:
            return None
        now_s = self._clock_ms() // 1000
        if not is_right:
            self.count_failure(person, now_s)
        if not is_right or now_s < person.locked_until_s:
            return None
        person.failures = 0
        self.save(person)
        return person

    def count_failure(self, person: Person, now_s: int) -> None:
        """One more wrong password or code; after five the user is locked for a minute."""
        person.failures += 1
        if person.failures >= FAILURES:
            person.failures, person.locked_until_s = 0, now_s + LOCK_S
        self.save(person)

    def mail(self, receiver: str, subject: str, body: str) -> None:
        """Put a message into the outbox that the demonstration shows in place of sending it."""
        self._db.sql.execute(
            "INSERT INTO mails (at_s, receiver, subject, body) VALUES (?, ?, ?, ?)",
            (self._clock_ms() // 1000, receiver, subject, body),
        )

    def _one(self, query: str, value: str) -> Person | None:
        row = self._db.sql.execute(query, (value,)).fetchone()
        return None if row is None else Person(**json.loads(row[0]))


def is_address(text: str) -> bool:
    """Whether a text looks like an e-mail address."""
    return len(text) <= 254 and _ADDRESS.fullmatch(text.strip()) is not None


def new_ticket() -> str:
    """A random text that nobody guesses: 256 bits."""
    return secrets.token_urlsafe(32)
