"""One SQLite file with users, sessions, keys, messages and events; apart from the product's database.

Identity lives outside the product with Keycloak too, and an erasure there must find nothing of it here.
"""

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

_TABLES: Final = """
CREATE TABLE IF NOT EXISTS users (sub TEXT PRIMARY KEY, email TEXT NOT NULL UNIQUE COLLATE NOCASE, doc TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS documents (
  kind TEXT NOT NULL, id TEXT NOT NULL, owner TEXT, expires_s INTEGER, doc TEXT NOT NULL, PRIMARY KEY (kind, id));
CREATE INDEX IF NOT EXISTS documents_of_owner ON documents (owner);
CREATE TABLE IF NOT EXISTS events (
  id INTEGER PRIMARY KEY AUTOINCREMENT, at_ms INTEGER NOT NULL, kind TEXT NOT NULL, sub TEXT NOT NULL, session TEXT);
CREATE TABLE IF NOT EXISTS mails (
  id INTEGER PRIMARY KEY AUTOINCREMENT, at_s INTEGER NOT NULL, receiver TEXT NOT NULL, subject TEXT NOT NULL,
  body TEXT NOT NULL);
"""
_WAIT_S: Final = 10.0


class Transaction:
    """One transaction: documents by kind and id, and statements on the other tables."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.sql = connection

    def get(self, kind: str, key: str) -> dict[str, Any] | None:
        """The document of that kind and id, None when there is none."""
        row = self.sql.execute("SELECT doc FROM documents WHERE kind = ? AND id = ?", (kind, key)).fetchone()
        return None if row is None else dict(json.loads(row[0]))

    def put(
        self, kind: str, key: str, doc: dict[str, Any], *, owner: str | None = None, expires_s: int | None = None
    ) -> None:
        """Store a document in place of the one before; `owner` is the user with whom it goes."""
        self.sql.execute(
            "INSERT OR REPLACE INTO documents (kind, id, owner, expires_s, doc) VALUES (?, ?, ?, ?, ?)",
            (kind, key, owner, expires_s, json.dumps(doc)),
        )

    def delete(self, kind: str, key: str) -> None:
        """Remove a document; one that is gone is no error."""
        self.sql.execute("DELETE FROM documents WHERE kind = ? AND id = ?", (kind, key))

    def all_of(self, kind: str, owner: str | None = None) -> dict[str, dict[str, Any]]:
        """All documents of a kind by id, of one owner where one is named."""
        rows = self.sql.execute(
            "SELECT id, doc FROM documents WHERE kind = ? AND (? IS NULL OR owner = ?) ORDER BY id",
            (kind, owner, owner),
        )
        return {key: json.loads(doc) for key, doc in rows}

    def delete_owned_by(self, owner: str) -> None:
        """Remove everything of a user but events."""
        self.sql.execute("DELETE FROM documents WHERE owner = ?", (owner,))

    def drop_expired(self, now_s: int) -> None:
        """Remove what has expired."""
        self.sql.execute("DELETE FROM documents WHERE expires_s IS NOT NULL AND expires_s < ?", (now_s,))


class IdentityStore:
    """Opens transactions on the file, which its owner alone can read."""

    def __init__(self, path: Path) -> None:
        """Make the file where there is none."""
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        self._path = path
        with closing(self._open()) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(_TABLES)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """One transaction, alone on the file; undone when the block raises."""
        with closing(self._open()) as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield Transaction(connection)
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=_WAIT_S, isolation_level=None)
