"""Many rows at once: COPY on PostgreSQL, one prepared statement on SQLite."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

import psycopg
from sqlalchemy import Connection, Table, bindparam, update
from sqlalchemy.dialects import postgresql, sqlite

from gettone.db.columns import Hex32


def insert_rows(
    connection: Connection, table: str, columns: Sequence[str], rows: Sequence[tuple[int | str | bytes | None, ...]]
) -> None:
    """Insert `rows` into the columns of a table; names come from the program, never from outside."""
    if not rows:
        return
    names = ", ".join(columns)
    if connection.dialect.name == "postgresql":
        _copy(cast(psycopg.Connection, connection.connection.driver_connection), f"{table} ({names})", rows)
        return
    marks = ", ".join("?" for _ in columns)
    connection.exec_driver_sql(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(rows))  # noqa: S608 - no value in the text


def insert_if_absent(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> int:
    """Insert rows whose keys nobody has yet; how many were new.  Who inserts the same at once changes nothing."""
    if not rows:
        return 0
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).values([dict(row) for row in rows]).on_conflict_do_nothing()
    return len(connection.execute(statement.returning(*table.primary_key.columns)).all())


def update_rows(
    connection: Connection, table: Table, keys: Sequence[str], columns: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> None:
    """Give rows new values in `columns`; a row is the values of its key, then the new ones."""
    if rows:
        found = [table.c[name] == bindparam(f"of_{name}") for name in keys]
        statement = update(table).where(*found).values({name: bindparam(f"new_{name}") for name in columns})
        names = [*(f"of_{name}" for name in keys), *(f"new_{name}" for name in columns)]
        connection.execute(statement, [dict(zip(names, row, strict=True)) for row in rows])


def raw_rows(table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> list[tuple[Any, ...]]:
    """Rows as the database keeps them: ids of 64 hex digits are 32 bytes there."""
    hexed = [isinstance(table.c[name].type, Hex32) for name in columns]
    return [
        tuple(bytes.fromhex(one) if is_hex and one is not None else one for one, is_hex in zip(row, hexed, strict=True))
        for row in rows
    ]


def _copy(driver: psycopg.Connection, target: str, rows: Sequence[tuple[int | str | bytes | None, ...]]) -> None:
    with driver.cursor() as cursor, cursor.copy(f"COPY {target} FROM STDIN".encode()) as copy:
        for row in rows:
            copy.write_row(row)
