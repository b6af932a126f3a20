"""What was stored before the metering platform is there after it, and is there again when it is taken back."""

from typing import Any

import pytest
from sqlalchemy import MetaData, inspect, select, text

from gettone.db import schema
from gettone.db.engine import Database
from gettone.db.partitions import ensure_partitions

pytestmark = pytest.mark.database

BEFORE = "0007"
CONFIG = '{"direction":null,"max_reject_permille":200,"source_class":5}'
COUNTER_NAMES = ("new", "changed", "confirmed", "equal", "older", "merged", "missing", "rejected", "quarantined")
COUNTERS = {f"rows_{name}": 0 for name in COUNTER_NAMES}
ROWS: dict[str, list[dict[str, Any]]] = {
    "suppliers": [{"supplier_id": 1, "name": "members"}],
    "flows": [{"flow_id": 1, "name": "upload", "supplier_id": 1, "config": CONFIG}],
    "devices": [
        {"device_id": 1, "external_id": b"x", "external_pid": b"p" * 32}
        | {"identification": "name", "type": "meter", "status": "active"}
    ],
    "channels": [{"channel_id": 1, "device_id": 1, "direction": 1, "step_s": 900, "kind": "interval", "one_way": True}],
    "batches": [
        {"batch_id": number, "flow_id": 1, "sha256": bytes([number]) * 32, "bytes": 10, "received_at": 1000 + number}
        | {"state": state, "report": "{}"}
        | COUNTERS
        for number, state in ((1, "done"), (2, "rejected"), (3, "done"))
    ],
    "readings": [
        {"channel_id": 1, "slot": 1_963_584 + at, "wh": at, "quality": 1, "rank": 10, "version": 1, "batch_id": 1}
        for at in range(3)
    ],
    "reading_versions": [
        {"channel_id": 1, "slot": 1_963_584, "version": 2, "wh": 9, "quality": 1, "rank": 10, "batch_id": 3}
        | {"state": "older"}
    ],
    "rejects": [{"batch_id": 3, "row_no": 1, "code": "R_SYNTAX", "field": None, "raw": b"sealed", "state": "open"}],
}


def stored(database: Database) -> dict[str, list[dict[str, Any]]]:
    """The columns of then, of every row."""
    tables = MetaData()
    with database.read() as connection:
        tables.reflect(connection, only=list(ROWS))
        return {
            name: [
                {column: row[column] for column in rows[0]}
                for row in connection.execute(select(tables.tables[name]).order_by(*tables.tables[name].primary_key))
                .mappings()
                .all()
            ]
            for name, rows in ROWS.items()
        }


@pytest.fixture
def old_database(empty_database_url: str) -> Database:
    """A database of the program before, with a row or more in each table that changes."""
    schema.upgrade(empty_database_url, BEFORE)
    database = Database(empty_database_url)
    tables = MetaData()
    with database.write() as connection:
        if not database.is_sqlite:
            for table in ("readings", "reading_versions"):
                month = f"{table}_2026_01 PARTITION OF {table} FOR VALUES FROM (1963584) TO (1966560)"
                connection.execute(text(f"CREATE TABLE {month}"))
        tables.reflect(connection, only=list(ROWS))
        for name, rows in ROWS.items():
            connection.execute(tables.tables[name].insert(), rows)
    database.close()
    return database


def test_upgrade__database_of_before__keeps_every_row(old_database: Database, empty_database_url: str) -> None:
    before = stored(old_database)
    old_database.close()
    schema.upgrade(empty_database_url)
    assert stored(old_database) == before == ROWS
    old_database.close()
    schema.downgrade(empty_database_url, BEFORE)
    assert stored(old_database) == ROWS
    old_database.close()


def test_upgrade__merged_batches_and_settings__become_cuts_and_history(
    old_database: Database, empty_database_url: str
) -> None:
    schema.upgrade(empty_database_url)
    with old_database.read() as connection:
        numbers = connection.execute(text("SELECT merge_no FROM batches ORDER BY batch_id")).scalars().all()
        settings = connection.execute(text("SELECT flow_id, number, config FROM flow_configs")).all()
    old_database.close()
    assert list(numbers) == [1, None, 3]
    assert [tuple(row) for row in settings] == [(1, 1, CONFIG)]


def test_partitions__made_for_a_month__hold_every_table_by_slot(database: Database) -> None:
    with database.write() as connection:
        ensure_partitions(connection, 1_969_248, 1_972_223)
        ensure_partitions(connection, 1_969_248, 1_972_223)
        names = inspect(connection).get_table_names()
    months = {name for name in names if name.endswith("_2026_03")}
    expected = {"readings", "reading_versions", "estimates", "samples", "weather"}
    assert months == (set() if database.is_sqlite else {f"{name}_2026_03" for name in expected})


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM ingest_log",
        "UPDATE ingest_log SET leaf_hash = preimage",
        "UPDATE ingest_log SET kind = 2",
        "UPDATE ingest_log SET leaf_index = 7",
    ],
)
def test_ingest_log__any_other_change__is_refused(database: Database, statement: str) -> None:
    with database.write() as connection:
        connection.execute(
            text("INSERT INTO ingest_log (leaf_index, kind, leaf_hash, preimage) VALUES (0, 1, :leaf, :text)"),
            {"leaf": b"h" * 32, "text": b"p" * 128},
        )
    with pytest.raises(Exception, match="append-only"), database.write() as connection:
        connection.execute(text(statement))


def test_ingest_log__preimage_blanked__keeps_its_leaf(database: Database) -> None:
    with database.write() as connection:
        connection.execute(
            text("INSERT INTO ingest_log (leaf_index, kind, leaf_hash, preimage) VALUES (0, 1, :leaf, :text)"),
            {"leaf": b"h" * 32, "text": b"p" * 128},
        )
        connection.execute(text("UPDATE ingest_log SET preimage = NULL"))
        row = connection.execute(text("SELECT leaf_hash, preimage FROM ingest_log")).one()
    assert (bytes(row[0]), row[1]) == (b"h" * 32, None)
