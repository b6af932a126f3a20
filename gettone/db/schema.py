"""The version of the schema: upgrade it, name it, and compare a database with the program."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from gettone.db import tables
from gettone.db.columns import Base
from gettone.db.engine import Database
from gettone.db.partitions import is_partition
from gettone.errors import Conflict, InputError, MissingInput

MIGRATIONS = Path(__file__).with_name("migrations")
REGISTERED = tables.__all__
# What applications read; the migrations make them.
VIEWS = ("community_slots", "member_slots", "series")


def upgrade(url: str, revision: str = "head") -> str:
    """Bring the database at `url` forward to a revision, made if it is a new SQLite file; returns where it is.

    All of it is one transaction.  Conflict `database_newer` for a database of a later program, InputError
    `revision_unknown` or `revision_behind` for a revision that is not ahead.
    """
    with _alone(url, create=True) as connection:
        known = [script.revision for script in _scripts().walk_revisions()]
        if revision not in (*known, "head"):
            raise InputError("revision_unknown", f"there is no revision {revision!r}: known are {', '.join(known)}")
        if _older_than(revision, current(connection)):
            raise InputError(
                "revision_behind", f"the database is ahead of revision {revision}: restore a backup instead"
            )
        command.upgrade(_on(connection), revision)
        return current(connection) or "none"


def downgrade(url: str, revision: str) -> None:
    """Take revisions back down to `revision` or `base`, with all that their tables hold; for tests of migrations."""
    with _alone(url, create=False) as connection:
        command.downgrade(_on(connection), revision)


def current(connection: Connection) -> str | None:
    """The revision of a database, None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def head() -> str:
    """The revision this program works with."""
    found = _scripts().get_current_head()
    assert found is not None  # noqa: S101 - the package always holds its migrations
    return found


def check(connection: Connection) -> list[str]:
    """Each difference between the database and the tables of this program, as text; [] when they are equal.

    Raises as `require_current` does when the revisions differ already.
    """
    require_current(connection)
    options = {"compare_type": True, "include_name": belongs_to_schema, "include_object": _on_this_engine(connection)}
    context = MigrationContext.configure(connection, opts=options)
    differences = [_text(difference) for difference in compare_metadata(context, Base.metadata)]
    missing = set(VIEWS) - set(inspect(connection).get_view_names())
    return differences + [f"add_view {name}" for name in sorted(missing)]


def require_current(connection: Connection) -> None:
    """Conflict when the database is newer than the program, MissingInput when it was not upgraded yet."""
    _refuse_newer(connection)
    found = current(connection)
    if found != head():
        raise MissingInput(
            "database_not_upgraded",
            f"the database is at revision {found or 'none'}, this program needs {head()}: run `gettone db upgrade`",
        )


@contextmanager
def open_current(url: str) -> Iterator[Database]:
    """The database of a job: open, at this program's revision, closed at the end of the block."""
    database = Database(url)
    try:
        with database.read() as connection:
            require_current(connection)
        yield database
    finally:
        database.close()


def belongs_to_schema(name: str | None, kind: str, _parents: Any) -> bool:
    """Whether alembic compares an object: monthly partitions are made on the way and belong to their parent."""
    return not (kind == "table" and is_partition(name))


def _on_this_engine(connection: Connection) -> Callable[..., bool]:
    """Whether alembic compares an object: block-range indexes exist on PostgreSQL only."""

    def compared(one: Any, _name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
        brin = kind == "index" and one.dialect_options["postgresql"].get("using") == "brin"
        return not (brin and connection.dialect.name == "sqlite")

    return compared


@contextmanager
def _alone(url: str, *, create: bool) -> Iterator[Connection]:
    database = Database(url, create=create)
    try:
        with database.ingest() as connection:
            _refuse_newer(connection)
            yield connection
    finally:
        database.close()


def _refuse_newer(connection: Connection) -> None:
    found = current(connection)
    if found is not None and found not in {script.revision for script in _scripts().walk_revisions()}:
        raise Conflict(
            "database_newer",
            f"the database is at revision {found}, which this program does not know (it knows up to {head()}): "
            "it was upgraded by a newer program, so install that one",
        )


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def _on(connection: Connection) -> Config:
    config = _config()
    config.attributes["connection"] = connection
    return config


def _older_than(revision: str, found: str | None) -> bool:
    """Whether `revision` lies strictly below the revision a database is at."""
    if found is None or revision in ("head", found):
        return False
    return revision in {script.revision for script in _scripts().iterate_revisions(found, "base")}


def _text(difference: Any) -> str:
    """One difference of alembic as words: `add_table settlements`, `modify_type readings.wh`."""
    if isinstance(difference, list):
        return "; ".join(_text(one) for one in difference)
    names = [str(getattr(part, "name", part)) for part in difference[1:4] if part is not None]
    return f"{difference[0]} {'.'.join(names)}"
