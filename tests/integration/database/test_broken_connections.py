"""A connection that breaks is one refusal of ours, whatever the driver calls it, wherever it breaks."""

import contextlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import psycopg
import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, InternalError, SQLAlchemyError

from gettone.db.bulk import insert_rows
from gettone.db.columns_copy import copy_columns
from gettone.db.engine import Database
from gettone.errors import Conflict, Unreachable
from tests.factories.database_copies import DatabaseCopies
from tests.factories.database_faults import COMMIT, Failure, cut_at, lost_connection

pytestmark = pytest.mark.database

GONE = ConnectionError("the connection was cut")
FAILURES: dict[str, Failure] = {
    "operational": lost_connection,
    "interface": lambda statement: InterfaceError(statement, None, GONE),
    "internal": lambda statement: InternalError(statement, None, GONE, connection_invalidated=True),
    "unknown": lambda statement: DBAPIError(statement, None, GONE, connection_invalidated=True),
    "driver": lambda _: psycopg.OperationalError("server closed the connection unexpectedly"),
}


def write_twice(database: Database) -> None:
    with database.write() as connection:
        connection.execute(text("INSERT INTO codes (domain, code, label_en, label_it) VALUES ('t', 'a', 'a', 'a')"))
        connection.execute(text("INSERT INTO codes (domain, code, label_en, label_it) VALUES ('t', 'b', 'b', 'b')"))


def stored(database: Database) -> int:
    with database.read() as connection:
        return int(connection.execute(text("SELECT count(*) FROM codes WHERE domain = 't'")).scalar_one())


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
def test_write__connection_broken_at_every_statement__unreachable_and_nothing_half(
    database: Database, failure: Failure
) -> None:
    with cut_at(database, None) as counted:
        write_twice(database)
    with database.write() as connection:
        connection.execute(text("DELETE FROM codes WHERE domain = 't'"))
    for at, statement in enumerate(counted.statements, 1):
        with (
            cut_at(database, at, failure=failure),
            pytest.raises(Unreachable) as refusal,
        ):
            write_twice(database)
        assert refusal.value.code == "database_unreachable", statement
        assert stored(database) == 0, statement
    assert counted.statements[-1] == COMMIT


def test_write__statement_after_a_swallowed_loss__is_unreachable(database: Database) -> None:
    def go_on() -> None:
        with database.write() as connection:
            with contextlib.suppress(SQLAlchemyError):
                connection.execute(text("SELECT 1"))
            connection.execute(text("SELECT 2"))

    with cut_at(database, 2 if database.is_sqlite else 1), pytest.raises(Unreachable):
        go_on()


def test_write__statement_at_fault__is_no_broken_connection(database: Database) -> None:
    write_twice(database)
    with pytest.raises(IntegrityError):
        write_twice(database)


def test_write__sqlite_locked_for_too_long__is_a_conflict(embedded: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gettone.db.engine.BUSY_TIMEOUT_S", 0.1)
    second = Database(str(embedded.engine.url))
    with embedded.write(), pytest.raises(Conflict) as refusal, second.write():
        pass
    assert refusal.value.code == "database_locked"
    second.close()


@pytest.fixture
def server(databases: DatabaseCopies, tmp_path: Path) -> Iterator[Database]:
    """A database on PostgreSQL, whose sessions a test may end."""
    with databases.upgraded("postgresql", tmp_path) as url:
        database = Database(url)
        yield database
        database.close()


def end_session(connection: Connection, database: Database) -> None:
    """End the session of a connection as an administrator or a restart does."""
    pid = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
    url = database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))


USES: dict[str, Callable[[Connection], object]] = {
    "select": lambda connection: connection.execute(text("SELECT 1")),
    "copy text": lambda connection: insert_rows(
        connection, "codes", ("domain", "code", "label_en", "label_it"), [("t", "a", "a", "a")]
    ),
    "copy binary": lambda connection: copy_columns(
        connection, "device_presence", {"device_id": ("i4", np.ones(1, int))}
    ),
    "savepoint": lambda connection: connection.begin_nested(),
    "commit": lambda _: None,
}


@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_write__session_ended_by_the_server__unreachable(server: Database, use: Callable[[Connection], object]) -> None:
    def lose_and_go_on() -> None:
        with server.write() as connection:
            end_session(connection, server)
            use(connection)

    with pytest.raises(Unreachable) as refusal:
        lose_and_go_on()
    assert refusal.value.code == "database_unreachable"
    assert stored(server) == 0


def test_write__idle_in_a_transaction_for_too_long__unreachable(server: Database) -> None:
    def idle() -> None:
        with server.write() as connection:
            pid = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
            connection.execute(text("SET idle_in_transaction_session_timeout = 10"))
            wait_until_gone(server, pid)
            connection.execute(text("SELECT 1"))

    with pytest.raises(Unreachable):
        idle()


def wait_until_gone(database: Database, pid: int) -> None:
    alive = text("SELECT count(*) FROM pg_stat_activity WHERE pid = :pid")
    for _ in range(1_000):
        with database.read() as connection:
            if not connection.execute(alive, {"pid": pid}).scalar_one():
                return
        time.sleep(0.01)
    raise AssertionError("the session never ended")
