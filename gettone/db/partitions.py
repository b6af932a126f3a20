"""Monthly partitions of the slot-keyed tables on PostgreSQL (metering specification §2)."""

from datetime import UTC, datetime

from sqlalchemy import Connection, text

from gettone.db.columns import SLOT_S

PARTITIONED = ("readings", "reading_versions", "estimates", "samples", "weather")
MONTHS_AHEAD = 3

_EXISTING = text(
    "SELECT child.relname FROM pg_inherits JOIN pg_class child ON child.oid = inhrelid "
    "JOIN pg_class parent ON parent.oid = inhparent "
    "WHERE parent.relname = ANY(:tables) AND pg_table_is_visible(child.oid)"
)


def ensure_partitions(connection: Connection, first_slot: int, last_slot: int) -> list[str]:
    """Make the partitions of the UTC months that hold [first_slot, last_slot]; returns the new ones.

    Nothing to do on SQLite.  There is no default partition: a slot without a month is refused by the database itself.
    """
    if connection.dialect.name != "postgresql":
        return []
    existing = set(connection.execute(_EXISTING, {"tables": list(PARTITIONED)}).scalars())
    made: list[str] = []
    year, month = _month(first_slot)
    while first_slot_of(year, month) <= last_slot:
        following = (year + 1, 1) if month == 12 else (year, month + 1)
        bounds = f"FROM ({first_slot_of(year, month)}) TO ({first_slot_of(*following)})"
        for table in PARTITIONED:
            name = f"{table}_{year:04d}_{month:02d}"
            if name not in existing:
                connection.execute(text(f"CREATE TABLE IF NOT EXISTS {name} PARTITION OF {table} FOR VALUES {bounds}"))
                made.append(name)
        year, month = following
    return made


def ensure_months_ahead(connection: Connection, now_ms: int) -> list[str]:
    """Make the partitions of this UTC month and of the three after it; returns the new ones."""
    year, month = _month(now_ms // (1000 * SLOT_S))
    ahead = year * 12 + month - 1 + MONTHS_AHEAD
    return ensure_partitions(connection, first_slot_of(year, month), first_slot_of(ahead // 12, ahead % 12 + 1))


def is_partition(name: str | None) -> bool:
    """Whether a table name is that of a monthly partition."""
    return name is not None and any(name.startswith(f"{table}_2") for table in PARTITIONED)


def first_slot_of(year: int, month: int) -> int:
    """The first slot of a UTC month: 2026-03 begins with 1,969,248."""
    return int(datetime(year, month, 1, tzinfo=UTC).timestamp()) // SLOT_S


def _month(slot: int) -> tuple[int, int]:
    instant = datetime.fromtimestamp(slot * SLOT_S, UTC)
    return instant.year, instant.month
