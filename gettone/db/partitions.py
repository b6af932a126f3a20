"""Monthly partitions of the slot-keyed tables on PostgreSQL (metering specification §2)."""

from datetime import UTC, datetime

from sqlalchemy import Connection, text

from gettone.db.columns import SLOT_S

PARTITIONED = ("readings", "reading_versions")


def ensure_partitions(connection: Connection, first_slot: int, last_slot: int) -> None:
    """Make the partitions of the UTC months that hold [first_slot, last_slot]; nothing to do on SQLite.

    There is no default partition: a slot without a month is refused by the database itself.
    """
    if connection.dialect.name != "postgresql":
        return
    year, month = _month(first_slot)
    while _first_slot(year, month) <= last_slot:
        following = (year + 1, 1) if month == 12 else (year, month + 1)
        bounds = f"FROM ({_first_slot(year, month)}) TO ({_first_slot(*following)})"
        for table in PARTITIONED:
            name = f"{table}_{year:04d}_{month:02d}"
            connection.execute(text(f"CREATE TABLE IF NOT EXISTS {name} PARTITION OF {table} FOR VALUES {bounds}"))
        year, month = following


def is_partition(name: str | None) -> bool:
    """Whether a table name is that of a monthly partition."""
    return name is not None and any(name.startswith(f"{table}_2") for table in PARTITIONED)


def _month(slot: int) -> tuple[int, int]:
    instant = datetime.fromtimestamp(slot * SLOT_S, UTC)
    return instant.year, instant.month


def _first_slot(year: int, month: int) -> int:
    return int(datetime(year, month, 1, tzinfo=UTC).timestamp()) // SLOT_S
