"""Settlements under way keep their place when their states are renamed, up and down."""

from typing import Any

import pytest
from sqlalchemy import MetaData, select

from gettone.db import schema
from gettone.db.engine import Database
from tests.integration.database.test_fee_migration import insert

pytestmark = pytest.mark.database

BEFORE = ("computed", "committed", "signed", "opened", "paying", "paid", "closed")
AFTER = ("computing", "computing", "attested", "open", "paying", "paid", "closed")
AGAIN = ("computed", "computed", "signed", "opened", "paying", "paid", "closed")


def rows_of(url: str, table: str, *names: str) -> list[tuple[Any, ...]]:
    database, tables = Database(url), MetaData()
    with database.read() as connection:
        tables.reflect(connection, only=[table])
        columns = tables.tables[table].c
        query = select(*(columns[name] for name in names)).order_by(columns.settlement_id)
        found = [tuple(row) for row in connection.execute(query)]
    database.close()
    return found


@pytest.fixture
def old_url(empty_database_url: str) -> str:
    """A database of the revision before, with a settlement in each state; the committed one has a chunk."""
    schema.upgrade(empty_database_url, "0024")
    database = Database(empty_database_url)
    insert(database, "communities", community_id=1)
    for number, state in enumerate(BEFORE):
        place = {"settlement_id": number + 1, "community_id": 1, "period_index": number}
        insert(database, "settlements", **place, state=state, assignment_root=b"\x01" * 32)
    insert(database, "settlement_chunks", settlement_id=2, chunk=0, state="waiting")
    database.close()
    return empty_database_url


def test_upgrade__settlements_under_way__have_the_present_names(old_url: str) -> None:
    schema.upgrade(old_url)
    assert [state for (state,) in rows_of(old_url, "settlements", "state")] == list(AFTER)


def test_upgrade__trees_nobody_signed__are_taken_back(old_url: str) -> None:
    schema.upgrade(old_url)
    roots = [root is None for (root,) in rows_of(old_url, "settlements", "assignment_root")]
    assert (roots, rows_of(old_url, "settlement_chunks", "chunk")) == ([False, True, *[False] * 5], [])


def test_downgrade__after_the_upgrade__gives_the_names_of_before(old_url: str) -> None:
    schema.upgrade(old_url)
    database = Database(old_url)
    held = {"settlement_id": 8, "community_id": 1, "period_index": 7, "state": "held", "result_digest": ""}
    failed = {"settlement_id": 9, "community_id": 1, "period_index": 8, "state": "failed", "resume_state": "paid"}
    for row in (held, failed):
        insert(database, "settlements", **row)
    database.close()
    schema.downgrade(old_url, "0024")
    assert [state for (state,) in rows_of(old_url, "settlements", "state")] == [*AGAIN, "paid"]
