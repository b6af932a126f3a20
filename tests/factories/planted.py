"""Rows that are changed, removed or invented behind the program's back for the length of a block."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Table, and_, delete, insert, select, true, update

from gettone.db.columns import Base
from gettone.db.engine import Database


def _table(name: str) -> Table:
    return Base.metadata.tables[name]


def _first(connection: Connection, table: Table, where: dict[str, Any]) -> dict[str, Any]:
    """The first row by its key that matches; all of it."""
    place = and_(true(), *(table.c[name] == value for name, value in where.items()))
    query = select(table).where(place).order_by(*table.primary_key.columns).limit(1)
    return dict(connection.execute(query).mappings().one())


def _key(table: Table, row: dict[str, Any]) -> Any:
    return and_(*(column == row[column.name] for column in table.primary_key.columns))


@contextmanager
def changed(database: Database, name: str, where: dict[str, Any], changes: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Change columns of the first row that matches; a callable gets the old value.  Gives the old row."""
    table = _table(name)
    with database.write() as connection:
        row = _first(connection, table, where)
        values = {column: one(row[column]) if callable(one) else one for column, one in changes.items()}
        connection.execute(update(table).where(_key(table, row)).values(**values))
    try:
        yield row
    finally:
        with database.write() as connection:
            old = {column: row[column] for column in changes}
            connection.execute(update(table).where(_key(table, row | values)).values(**old))


@contextmanager
def removed(database: Database, name: str, where: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Remove the first row that matches.  Gives that row."""
    table = _table(name)
    with database.write() as connection:
        row = _first(connection, table, where)
        connection.execute(delete(table).where(_key(table, row)))
    try:
        yield row
    finally:
        with database.write() as connection:
            connection.execute(insert(table).values(**row))


@contextmanager
def invented(database: Database, name: str, where: dict[str, Any], changes: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Add a copy of the first row that matches, with other values.  Gives the new row."""
    table = _table(name)
    with database.write() as connection:
        row = _first(connection, table, where)
        row |= {column: one(row[column]) if callable(one) else one for column, one in changes.items()}
        values = {column: one for column, one in row.items() if one is not None}
        connection.execute(insert(table).values(**values))
    try:
        yield row
    finally:
        place = and_(true(), *(table.c[column] == row[column] for column in changes))
        with database.write() as connection:
            connection.execute(delete(table).where(place))
