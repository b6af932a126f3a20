"""The audit trail: each row carries the hash of all rows before it (identity and API specification §8)."""

import hashlib
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, text

from gettone.db.tables import AuditEntry, AuditText
from gettone.jcs import canonical

GENESIS = bytes(32)
SALT_BYTES = 16
# Who appends is alone until its transaction ends, so that no two rows follow the same one.
AUDIT_LOCK = 0x61756474


@dataclass(frozen=True, slots=True)
class Deed:
    """Who did what to which thing, where, and why; `before` and `after` are JSON objects or None.

    `actor` is the subject of a person, `client:<name>` of a machine, or `operator:<name>` on the server.
    """

    actor: str
    action: str
    subject: str
    community_id: int | None = None
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    reason: str | None = None


class AuditTrail:
    """Appends to `audit_trail` and `audit_texts`, and reads them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def append(self, deed: Deed, now_ms: int) -> int:
        """Add a deed in the transaction that does it; its number."""
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": AUDIT_LOCK})
        number, previous = self.head()
        words = {"before": deed.before, "after": deed.after, "reason": deed.reason}
        salted = {
            part: (secrets.token_bytes(SALT_BYTES), canonical(word)) for part, word in words.items() if word is not None
        }
        digests = {part: hashlib.sha256(salt + word).digest() for part, (salt, word) in salted.items()}
        row = {
            "entry": number + 1,
            "at": now_ms,
            "actor": deed.actor,
            "action": deed.action,
            "community_id": deed.community_id,
            "subject": deed.subject,
            **{part: digests.get(part) for part in words},
        }
        self._connection.execute(insert(AuditEntry).values(**row, hash=chained(previous, row)))
        for part, (salt, word) in salted.items():
            values = {"entry": number + 1, "part": part, "salt": salt, "text": word.decode()}
            self._connection.execute(insert(AuditText).values(**values))
        return number + 1

    def head(self) -> tuple[int, bytes]:
        """Number and hash of the last row; (0, 32 zero bytes) for an empty trail."""
        query = select(AuditEntry.entry, AuditEntry.hash).order_by(AuditEntry.entry.desc()).limit(1)
        row = self._connection.execute(query).one_or_none()
        return (0, GENESIS) if row is None else (row.entry, bytes(row.hash))

    def first_break(self) -> int | None:
        """The number of the first row that was edited, removed, moved or added behind the trail; None if all agree.

        A text that disagrees with its digest breaks its row too; one that was erased does not.
        """
        previous, expected = GENESIS, 1
        for row in self._rows():
            values = {name: getattr(row, name) for name in CHAINED}
            if row.entry != expected or bytes(row.hash) != chained(previous, values) or self._altered(row):
                return expected
            previous, expected = bytes(row.hash), expected + 1
        return None

    def count(self) -> int:
        """How many rows there are."""
        return self._connection.execute(select(func.count()).select_from(AuditEntry)).scalar_one()

    def _rows(self) -> Iterator[Row[Any]]:
        columns = [getattr(AuditEntry, name) for name in (*CHAINED, "hash")]
        yield from self._connection.execute(select(*columns).order_by(AuditEntry.entry)).yield_per(1000)

    def _altered(self, row: Row[Any]) -> bool:
        texts = self._connection.execute(
            select(AuditText)
            .where(AuditText.entry == row.entry)
            .with_only_columns(AuditText.part, AuditText.salt, AuditText.text)
        )
        return any(
            hashlib.sha256(bytes(one.salt) + one.text.encode()).digest() != getattr(row, one.part) for one in texts
        )


CHAINED = ("entry", "at", "actor", "action", "community_id", "subject", "before", "after", "reason")
"""What the hash of a row covers, beside the hash before it."""


def first_break_of(rows: Iterable[Mapping[str, Any]]) -> int | None:
    """As `AuditTrail.first_break`, over exported rows, which carry no texts; a field that is missing breaks one."""
    previous, expected = GENESIS, 1
    for row in rows:
        values = {name: row.get(name) for name in CHAINED}
        if values["entry"] != expected or row.get("hash") != chained(previous, values).hex():
            return expected
        previous, expected = bytes.fromhex(row["hash"]), expected + 1
    return None


def chained(previous: bytes, row: Mapping[str, Any]) -> bytes:
    """The hash of a row behind the one whose hash is `previous`: SHA-256(previous | RFC 8785 of the row)."""
    plain = {
        name: bytes(value).hex() if isinstance(value, bytes | memoryview) else value for name, value in row.items()
    }
    return hashlib.sha256(previous + canonical(plain)).digest()
