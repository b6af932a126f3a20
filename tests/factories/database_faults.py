"""A database that is lost at a chosen statement: the connection is killed under the program, as a restart does it."""

import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from gettone.chain.outbox.planning import Planned
from gettone.chain.transactions import Sender
from gettone.db.engine import Database
from gettone.errors import GettoneError

COMMIT = "COMMIT"
_SECONDS_TO_CRASH = 0.2
_RUNS_MAX = 1_000
_PAUSE_S = 0.05
Failure = Callable[[str], Exception]
"""What the driver raises for a statement whose connection is gone."""


def lost_connection(statement: str) -> Exception:
    """The error of most lost connections."""
    return OperationalError(statement, None, ConnectionError("the connection was cut"))


@dataclass
class Cut:
    """Counts statements, commits among them, and cuts the connection before or after one of them."""

    at: int | None
    after: bool
    failure: Failure = lost_connection
    statements: list[str] = field(default_factory=list)
    cuts: list[str] = field(default_factory=list)

    def step(self, connection: Any, statement: str, *, done: bool) -> None:
        """Count a statement once, and lose the connection if it is the chosen one."""
        if not done:
            self.statements.append(statement)
        if len(self.statements) == self.at and done is self.after and not self.cuts:
            self.cuts.append(statement)
            lost = connection.connection.dbapi_connection
            # What the server does when a connection is lost; a commit may have come through unheard.
            lost.commit() if statement == COMMIT and done else lost.rollback()
            connection.invalidate()
            raise self.failure(statement)


@contextmanager
def cut_at(
    database: Database, at: int | None, *, after: bool = False, failure: Failure = lost_connection
) -> Iterator[Cut]:
    """Cut the connection of `database` at its n-th statement of the block; None only counts them."""
    cut = Cut(at, after, failure)

    def before(connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        cut.step(connection, statement, done=False)

    def behind(connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        cut.step(connection, statement, done=True)

    def committing(connection: Any) -> None:
        cut.step(connection, COMMIT, done=False)
        cut.step(connection, COMMIT, done=True)

    listeners = [("before_cursor_execute", before), ("after_cursor_execute", behind), ("commit", committing)]
    for name, listener in listeners:
        event.listen(database.engine, name, listener)
    try:
        yield cut
    finally:
        for name, listener in listeners:
            event.remove(database.engine, name, listener)


@contextmanager
def crash_at(database: Database, at: int) -> Iterator[list[str]]:
    """Crash the PostgreSQL server under the n-th statement of the block; gives how it ended, once it did.

    Killing the server process of another session makes the server end all of them, recover and start anew.
    """
    seen, ended = list[int](), list[str]()
    url = database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)

    def listen(*_: Any) -> None:
        seen.append(1)
        if len(seen) == at:
            with psycopg.connect(url, autocommit=True) as victim, psycopg.connect(url, autocommit=True) as witness:
                os.kill(victim.info.backend_pid, signal.SIGKILL)
                time.sleep(_SECONDS_TO_CRASH)
                with contextlib.suppress(psycopg.OperationalError):
                    witness.execute("SELECT 1")
                    return
            ended.append("by the server")

    event.listen(database.engine, "before_cursor_execute", listen)
    try:
        yield ended
    finally:
        event.remove(database.engine, "before_cursor_execute", listen)


def until_sent(sender: Sender, planned: Sequence[Planned]) -> int:
    """Send one by one, from the beginning after each refusal, until all is sent; returns how often it was refused."""
    for refused in range(_RUNS_MAX):
        try:
            for one in planned:
                sender.send_all([one])
        except GettoneError:
            time.sleep(_PAUSE_S)
        else:
            return refused
    raise AssertionError("the database never came back")
