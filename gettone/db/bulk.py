"""Many rows at once: COPY on PostgreSQL, one prepared statement on SQLite."""

from collections.abc import Sequence
from typing import cast

import psycopg
from sqlalchemy import Connection


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


def _copy(driver: psycopg.Connection, target: str, rows: Sequence[tuple[int | str | bytes | None, ...]]) -> None:
    with driver.cursor() as cursor, cursor.copy(f"COPY {target} FROM STDIN".encode()) as copy:
        for row in rows:
            copy.write_row(row)
