"""Columns of numbers into a table: binary COPY on PostgreSQL, one prepared statement on SQLite."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

Columns = Mapping[str, tuple[str, NDArray[np.integer[Any]] | int]]
"""Values by name of column, each with its width on PostgreSQL: `i2`, `i4` or `i8`."""

_HEADER = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
_TRAILER = b"\xff\xff"
_ROWS_PER_PIECE = 1 << 16


def copy_columns(connection: Connection, table: str, columns: Columns) -> int:
    """Insert rows given by column, in their order; a plain number stands in every row.  Returns how many.

    Names come from the program, never from outside; at least one column is an array, all of one length.
    """
    length = next(len(values) for _, values in columns.values() if not isinstance(values, int))
    if length and connection.dialect.name == "postgresql":
        _copy(connection, table, columns, length)
    elif length:
        names, marks = ", ".join(columns), ", ".join("?" for _ in columns)
        listed = [[one] * length if isinstance(one, int) else one.tolist() for _, one in columns.values()]
        driver: Any = connection.connection.driver_connection
        statement = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 - no value in the text
        driver.executemany(statement, zip(*listed, strict=True))
    return length


def _copy(connection: Connection, table: str, columns: Columns, length: int) -> None:
    driver: Any = connection.connection.driver_connection
    statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN (FORMAT BINARY)"
    with driver.cursor() as cursor, cursor.copy(statement.encode()) as copy:
        copy.write(_HEADER)
        for first in range(0, length, _ROWS_PER_PIECE):
            copy.write(_rows(columns, first, min(first + _ROWS_PER_PIECE, length)))
        copy.write(_TRAILER)


def _rows(columns: Columns, first: int, end: int) -> bytes:
    """Rows as the binary format writes them: the number of fields, then the length and bytes of each, big-endian."""
    fields: list[tuple[str, str]] = [("count", ">i2")]
    for name, (width, _) in columns.items():
        fields += [(f"{name} length", ">i4"), (name, f">{width}")]
    rows = np.empty(end - first, np.dtype(fields))
    rows["count"] = len(columns)
    for name, (width, values) in columns.items():
        rows[f"{name} length"] = int(width[1])
        rows[name] = values if isinstance(values, int) else values[first:end]
    return rows.tobytes()
