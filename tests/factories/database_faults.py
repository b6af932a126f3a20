"""A database that is lost at a chosen statement: the connection is killed under the program, as a restart does it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from gettone.db.engine import Database

COMMIT = "COMMIT"
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
