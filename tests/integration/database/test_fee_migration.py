"""Settlements from before the assignment fees keep their meaning: fee 0, and the class that the member had."""

from typing import Any

import pytest
from sqlalchemy import Column, LargeBinary, MetaData, select
from sqlalchemy.types import Integer

from gettone.db import schema
from gettone.db.engine import Database

pytestmark = pytest.mark.database


def filler(column: Column[Any]) -> Any:
    """A value that a required column takes."""
    if isinstance(column.type, LargeBinary):
        return b"\x01" * 32
    return 1 if isinstance(column.type, Integer) else "1"


def insert(database: Database, table: str, **given: Any) -> None:
    """Store a row as the tables of now take it, with fillers for what is required and not given."""
    tables = MetaData()
    with database.write() as connection:
        tables.reflect(connection, only=[table])
        columns = tables.tables[table].columns
        values = {one.name: filler(one) for one in columns if not one.nullable} | given
        connection.execute(tables.tables[table].insert().values(**values))


def test_upgrade__paid_before_the_fees__has_fee_0_and_the_classes_of_the_members(empty_database_url: str) -> None:
    schema.upgrade(empty_database_url, "0005")
    database = Database(empty_database_url)
    insert(database, "communities", community_id=1)
    insert(database, "settlements", settlement_id=1, community_id=1, credited_units="5")
    for at, kind in enumerate(("citizen", "stakeholder")):
        member_id = bytes([at]) * 32
        insert(database, "users_communities", member_id=member_id, community_id=1, kind=kind)
        insert(database, "settlement_members", settlement_id=1, leaf_index=at, member_id=member_id)
    database.close()
    schema.upgrade(empty_database_url)
    database = Database(empty_database_url)
    tables = MetaData()
    with database.read() as connection:
        tables.reflect(connection, only=["settlements", "settlement_members"])
        paid, lines = tables.tables["settlements"].c, tables.tables["settlement_members"].c
        fees = connection.execute(select(paid.citizen_fee_bps, paid.stakeholder_fee_bps, paid.fee_units)).one()
        classes = connection.execute(select(lines.member_class).order_by(lines.leaf_index)).scalars().all()
    database.close()
    assert (tuple(fees), list(classes)) == ((0, 0, "0"), [1, 2])
