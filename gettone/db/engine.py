"""The database as jobs see it: explicit read and write transactions over SQLite or PostgreSQL."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    InterfaceError,
    OperationalError,
    PendingRollbackError,
)

from gettone.db.arrays import register_arrays
from gettone.errors import Conflict, InputError, MissingInput, Unreachable

# Who writes readings of any flow holds the first alone; a merge shares it and holds the second for its flows (§2).
INGEST_LOCK = 0x6C65636E
FLOW_LOCK = 0x6C656366
BUSY_TIMEOUT_S = 30
_BROKEN = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    psycopg.errors.IdleInTransactionSessionTimeout,
    sqlite3.OperationalError,
    sqlite3.InterfaceError,
)
"""What the drivers raise by themselves where SQLAlchemy is not between."""


class Database:
    """One database; `read` and `write` are the only ways in, and each is one transaction.

    A write transaction commits when its block ends and rolls back when the block raises.  On SQLite it begins
    IMMEDIATE, so that the writer is alone from its first statement and never fails half-way with a lock.
    """

    def __init__(self, url: str, *, create: bool = False) -> None:
        """Open `url`: `sqlite:///file` or `postgresql://user@host/name`.  No server is contacted yet.

        Only `create` makes a missing SQLite file; without it a missing file is a MissingInput.
        """
        parsed = _parse(url)
        if parsed.get_backend_name() == "sqlite":
            _require_file(parsed, create)
        self.engine: Engine = _engine(parsed)

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded database."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one state of the database from its first to its last statement."""
        options: dict[str, Any] = {"gettone_begin": "DEFERRED"}
        if not self.is_sqlite:
            options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with self._begin(options) as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that may change rows; alone on SQLite, with row locks on PostgreSQL."""
        with self._begin({"gettone_begin": "IMMEDIATE"}) as connection:
            yield connection

    @contextmanager
    def ingest(self) -> Iterator[Connection]:
        """A write transaction that is also alone among all writers of readings."""
        with self.write() as connection:
            if not self.is_sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": INGEST_LOCK})
            yield connection

    @contextmanager
    def merging(self, flow_ids: Iterable[int]) -> Iterator[Connection]:
        """A write transaction that is alone among the writers of these flows and those of `ingest`.

        Flows that share a device are named together, so that nobody else writes a slot of theirs.
        """
        with self.write() as connection:
            if not self.is_sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock_shared(:lock)"), {"lock": INGEST_LOCK})
                for flow_id in sorted(set(flow_ids)):
                    key = {"lock": FLOW_LOCK, "flow": flow_id}
                    connection.execute(text("SELECT pg_advisory_xact_lock(:lock, :flow)"), key)
            yield connection

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()

    @contextmanager
    def _begin(self, options: dict[str, Any]) -> Iterator[Connection]:
        try:
            with self.engine.connect().execution_options(**options) as connection, connection.begin():
                yield connection
        except DBAPIError as failure:
            if "file is not a database" in str(failure.orig):
                raise InputError(
                    "database_format", f"{_shown(self.engine.url)} is not a database: check its URL"
                ) from None
            if not _is_broken(failure):
                raise
            raise _refusal(failure.orig, self.engine.url) from failure
        except (*_BROKEN, PendingRollbackError) as failure:
            # COPY speaks to the driver itself; who goes on after a lost connection meets a transaction that is gone.
            raise _refusal(failure, self.engine.url) from failure


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise InputError(
            "database_url",
            "the database URL is not understood: write sqlite:///FILE or postgresql://USER@HOST/NAME",
        ) from None
    if parsed.drivername in ("postgresql", "postgres"):
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername in ("sqlite", "postgresql+psycopg"):
        return parsed
    raise InputError("database_url", f"database {parsed.drivername!r} is not supported: use sqlite or postgresql")


def _require_file(url: URL, create: bool) -> None:
    if not url.database or url.database == ":memory:":
        raise InputError("database_url", "the database URL names no file: write sqlite:///FILE")
    path = Path(url.database)
    if path.exists():
        return
    if not create:
        raise MissingInput("database_missing", f"there is no database at {path}: run `gettone db upgrade` first")
    path.parent.mkdir(parents=True, exist_ok=True)
    # The file holds readings of homes: nobody but its owner may read it.
    path.touch(mode=0o600)


def _engine(url: URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        register_arrays()
        return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": 10})
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_S})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver would begin and commit by itself; from here on only _begin_sqlite does.
    connection.isolation_level = None
    # SQLite has this function from 3.41 on; lists of digests come as hexadecimal text.
    connection.create_function("unhex", 1, bytes.fromhex, deterministic=True)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    mode = connection.get_execution_options().get("gettone_begin", "IMMEDIATE")
    connection.exec_driver_sql(f"BEGIN {mode}")


def _is_broken(failure: DBAPIError) -> bool:
    """Whether the connection is at fault, and not the statement: drivers have more classes for it than one.

    A session that the server ended is an OperationalError, one that idled too long in a transaction an InternalError,
    and one that the driver closed an InterfaceError; SQLAlchemy marks those that the driver closed.
    """
    return failure.connection_invalidated or isinstance(failure, OperationalError | InterfaceError)


def _refusal(failure: BaseException | None, url: URL) -> Conflict | Unreachable:
    if "database is locked" in str(failure):
        return Conflict("database_locked", f"another program writes to {_shown(url)}: wait for it, then run again")
    reason = (str(failure or "").strip() or "no answer").splitlines()[0]
    return Unreachable("database_unreachable", f"database {_shown(url)} does not answer ({reason}): check its URL")


def shown_url(url: str) -> str:
    """A database URL as people may see it: without its password."""
    return _shown(_parse(url))


def _shown(url: URL) -> str:
    return url.render_as_string(hide_password=True)
