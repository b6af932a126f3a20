"""The schema: upgraded, taken back, compared, and refused when it is not this program's."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from gettone.db import schema
from gettone.db.columns import Base
from gettone.db.engine import Database
from gettone.errors import Conflict, InputError, MissingInput, Unreachable

pytestmark = pytest.mark.database

REVISIONS = sorted(path.name[:4] for path in (schema.MIGRATIONS / "versions").glob("0*.py"))


def test_upgrade__empty_database__equals_the_models(database: Database) -> None:
    with database.read() as connection:
        assert schema.check(connection) == []
        assert set(Base.metadata.tables) <= set(inspect(connection).get_table_names())


def test_upgrade__one_revision_at_a_time_and_back__leaves_nothing(empty_database_url: str) -> None:
    for revision in REVISIONS:
        assert schema.upgrade(empty_database_url, revision) == revision
    for revision in (*REVISIONS[-2::-1], "base"):
        schema.downgrade(empty_database_url, revision)
    database = Database(empty_database_url)
    with database.read() as connection:
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
    database.close()
    assert schema.upgrade(empty_database_url) == schema.head() == REVISIONS[-1]


def test_upgrade__twice__changes_nothing(empty_database_url: str) -> None:
    assert schema.upgrade(empty_database_url) == schema.upgrade(empty_database_url)


def test_upgrade__revision_behind_or_unknown__is_refused(database_url: str) -> None:
    with pytest.raises(InputError, match="ahead of revision 0002") as behind:
        schema.upgrade(database_url, "0002")
    assert behind.value.code == "revision_behind"
    with pytest.raises(InputError, match="no revision 'abc'"):
        schema.upgrade(database_url, "abc")


def test_open_current__database_of_a_newer_program__is_refused(database_url: str) -> None:
    database = Database(database_url)
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    for action in (lambda: schema.open_current(database_url).__enter__(), lambda: schema.upgrade(database_url)):
        with pytest.raises(Conflict, match="upgraded by a newer program") as refusal:
            action()
        assert refusal.value.code == "database_newer"


def test_open_current__not_yet_upgraded__says_how(empty_database_url: str) -> None:
    schema.upgrade(empty_database_url, "0002")
    with pytest.raises(MissingInput, match="gettone db upgrade") as refusal, schema.open_current(empty_database_url):
        pass
    assert refusal.value.code == "database_not_upgraded"


def test_check__column_taken_away__is_named(database: Database) -> None:
    with database.write() as connection:
        connection.execute(text("ALTER TABLE communities DROP COLUMN substation"))
        connection.execute(text("CREATE TABLE stranger (id INTEGER)"))
    with database.read() as connection:
        differences = schema.check(connection)
    assert len(differences) == 2
    assert "remove_table stranger" in differences
    assert any("substation" in one for one in differences)


def test_open__missing_sqlite_file__is_not_created(tmp_path: Path) -> None:
    with pytest.raises(MissingInput, match="gettone db upgrade"):
        Database(f"sqlite:///{tmp_path}/none.sqlite")


def test_open__file_that_is_no_database__is_refused(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear members, the annual meeting is on Friday.\n" * 100, encoding="utf-8")
    database = Database(f"sqlite:///{path}")
    with pytest.raises(InputError, match="not a database") as refusal, database.read():
        pass
    assert refusal.value.code == "database_format"


def test_open__server_that_is_not_there__is_unreachable() -> None:
    database = Database("postgresql://gettone:secret@127.0.0.1:1/none")
    with pytest.raises(Unreachable, match="does not answer") as refusal, database.read():
        pass
    assert "secret" not in refusal.value.message


def test_sqlite__every_connection__is_durable_and_checks_keys(embedded: Database) -> None:
    with embedded.read() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}


def test_write__second_writer_on_sqlite__waits_from_its_first_statement(embedded: Database) -> None:
    other = sqlite3.connect(embedded.engine.url.database or "", timeout=0.05)
    with embedded.write(), pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("BEGIN IMMEDIATE")
    other.execute("BEGIN IMMEDIATE")
    other.close()
