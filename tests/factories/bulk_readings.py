"""Fill the table of readings at once: one binary COPY of columns, for benchmarks of what reads them."""

import numpy as np
import psycopg
import pyarrow as pa

from gettone.db.engine import Database
from gettone.db.partitions import ensure_partitions

_COLUMNS = {"channel_id": 4, "slot": 4, "wh": 4, "quality": 2, "rank": 2, "version": 2, "batch_id": 4}
_HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_CHUNK_BYTES = 1 << 22


def fill_readings(url: str, table: pa.Table, rank: int = 30) -> None:
    """Copy columns channel_id, slot, wh, quality into `readings`, all of one rank and batch."""
    database = Database(url)
    with database.write() as connection:
        slots = table["slot"].to_numpy()
        ensure_partitions(connection, int(slots.min()), int(slots.max()))
    database.close()
    rows = _binary_rows(table, rank)
    names = ", ".join(_COLUMNS)
    statement = f"COPY readings ({names}) FROM STDIN (FORMAT binary)".encode()
    with psycopg.connect(url) as driver, driver.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(_HEADER)
        for first in range(0, len(rows), _CHUNK_BYTES):
            copy.write(rows[first : first + _CHUNK_BYTES])
        copy.write(b"\xff\xff")


def _binary_rows(table: pa.Table, rank: int) -> memoryview:
    """The rows as PostgreSQL's binary format has them: the number of fields, then length and value of each."""
    fields: list[tuple[str, str]] = [("fields", ">i2")]
    for name, size in _COLUMNS.items():
        fields += [(f"{name}_bytes", ">i4"), (name, f">i{size}")]
    rows = np.zeros(table.num_rows, np.dtype(fields))
    rows["fields"] = len(_COLUMNS)
    values = {"rank": rank, "version": 1, "batch_id": 1}
    for name, size in _COLUMNS.items():
        rows[f"{name}_bytes"] = size
        rows[name] = values[name] if name in values else table[name].to_numpy()
    return memoryview(rows).cast("B")
