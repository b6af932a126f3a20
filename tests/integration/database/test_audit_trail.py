"""The audit trail is only added to, and says which row was touched."""

import pytest
from sqlalchemy import Connection, delete, text, update
from sqlalchemy.exc import DatabaseError

from gettone.db.engine import Database
from gettone.db.repositories.audit_trail import AuditTrail, Deed
from gettone.db.tables import AuditEntry, AuditText

pytestmark = pytest.mark.database


@pytest.fixture
def trail(database: Database) -> Database:
    with database.write() as connection:
        for number in range(1, 5):
            deed = Deed("someone", "test", f"thing {number}", before={"a": 1}, after={"a": number}, reason="because")
            AuditTrail(connection).append(deed, 1_000 + number)
    return database


def first_break(database: Database) -> int | None:
    with database.read() as connection:
        return AuditTrail(connection).first_break()


def unguarded(connection: Connection) -> None:
    """What somebody with all rights over the database does first."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("ALTER TABLE audit_trail DISABLE TRIGGER audit_trail_guard"))
    else:
        for verb in ("UPDATE", "DELETE"):
            connection.execute(text(f"DROP TRIGGER audit_trail_{verb}"))


def test_first_break__untouched_trail__has_none(trail: Database) -> None:
    assert first_break(trail) is None


@pytest.mark.parametrize(
    "statement", [update(AuditEntry).values(action="other"), delete(AuditEntry)], ids=["update", "delete"]
)
def test_trail__changed_by_the_service__is_refused_by_the_database(trail: Database, statement: object) -> None:
    with pytest.raises(DatabaseError, match="only added to"), trail.write() as connection:
        connection.execute(statement)


def test_first_break__row_edited__names_it(trail: Database) -> None:
    with trail.write() as connection:
        unguarded(connection)
        connection.execute(update(AuditEntry).where(AuditEntry.entry == 3).values(actor="another"))
    assert first_break(trail) == 3


def test_first_break__row_removed__names_it(trail: Database) -> None:
    with trail.write() as connection:
        unguarded(connection)
        connection.execute(delete(AuditText).where(AuditText.entry == 2))
        connection.execute(delete(AuditEntry).where(AuditEntry.entry == 2))
    assert first_break(trail) == 2


def test_first_break__text_altered__names_its_row(trail: Database) -> None:
    with trail.write() as connection:
        mine = (AuditText.entry == 4) & (AuditText.part == "reason")
        connection.execute(update(AuditText).where(mine).values(text='"nothing"'))
    assert first_break(trail) == 4


def test_first_break__text_erased__is_none(trail: Database) -> None:
    with trail.write() as connection:
        connection.execute(delete(AuditText).where(AuditText.entry == 4))
    assert first_break(trail) is None
