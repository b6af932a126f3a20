"""Answers to requests that are done once."""

import hashlib
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, delete, insert, or_, select, text

from gettone.db.tables import IdempotentAnswer


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """What was answered to the request whose body has the SHA-256 `request`; headers and body are JSON."""

    request: bytes
    status: int
    headers: str
    body: str


class IdempotentAnswers:
    """Reads and writes `idempotent_answers`; instants in unix ms."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def claim(self, caller: str, route: str, key: str) -> bool:
        """Be alone with a key until the transaction ends; False while somebody else is.

        A writer on SQLite is always alone.
        """
        if self._connection.dialect.name != "postgresql":
            return True
        digest = hashlib.sha256("\n".join((caller, route, key)).encode()).digest()
        number = int.from_bytes(digest[:8], "big", signed=True)
        query = text("SELECT pg_try_advisory_xact_lock(:number)")
        return bool(self._connection.execute(query, {"number": number}).scalar_one())

    def find(self, caller: str, route: str, key: str, now_ms: int) -> StoredAnswer | None:
        """The answer given before, unless it is no longer kept."""
        query = select(IdempotentAnswer).with_only_columns(
            IdempotentAnswer.request, IdempotentAnswer.status, IdempotentAnswer.headers, IdempotentAnswer.body
        )
        kept = or_(IdempotentAnswer.kept_until.is_(None), IdempotentAnswer.kept_until > now_ms)
        row = self._connection.execute(query.where(*_named(caller, route, key), kept)).one_or_none()
        return None if row is None else StoredAnswer(bytes(row.request), row.status, row.headers, row.body)

    def add(self, caller: str, route: str, key: str, answer: StoredAnswer, kept_until: int | None) -> None:
        """Keep an answer until an instant, or for ever; one that had expired is replaced."""
        self._connection.execute(delete(IdempotentAnswer).where(*_named(caller, route, key)))
        stated = {"request": answer.request, "status": answer.status, "headers": answer.headers, "body": answer.body}
        named = {"caller": caller, "route": route, "key": key}
        self._connection.execute(insert(IdempotentAnswer).values(**named, **stated, kept_until=kept_until))

    def expire(self, now_ms: int) -> int:
        """Delete the answers that are no longer kept; how many they were."""
        ended = IdempotentAnswer.kept_until.is_not(None), IdempotentAnswer.kept_until <= now_ms
        return self._connection.execute(delete(IdempotentAnswer).where(*ended)).rowcount


def _named(caller: str, route: str, key: str) -> tuple[ColumnElement[bool], ...]:
    return IdempotentAnswer.caller == caller, IdempotentAnswer.route == route, IdempotentAnswer.key == key
