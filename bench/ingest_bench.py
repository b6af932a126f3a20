"""Ingest of 960,000 readings into PostgreSQL (P1 of the metering specification) beside a plain binary COPY.

A Parquet payload of 10,000 meters x 96 quarters goes the whole way of a batch: out of the lake, parsed exactly,
rules V2 to V12, merge (V13), counters and log leaf, in one transaction.  The reference writes the same rows with
binary COPY into an empty table with the same primary key, from arrays that are ready.  The reload sends other bytes
with the same readings, and must change nothing.  Rounds alternate in one run on one server; figures are medians,
and the tables are compared before any is believed.

    python bench/ingest_bench.py [ROUNDS]    prints the table and writes bench/results/ingest.md
"""

import hashlib
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import Connection, insert, text

from gettone.db import schema
from gettone.db.columns_copy import copy_columns
from gettone.db.engine import Database
from gettone.db.repositories.communities import Communities
from gettone.db.repositories.devices import Devices
from gettone.db.repositories.flows import Flows
from gettone.db.tables import Channel, Device
from gettone.metering.flow import FlowConfig
from gettone.vault import Vault
from oracle.intake import Intake, open_intake
from tests.factories.postgres_cluster import private_cluster

METERS, SLOTS, GOAL = 10_000, 96, 0.5
ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 5
FIRST_SLOT = 1_972_224
RECEIPT_MS = (FIRST_SLOT + 10 * SLOTS) * 900_000
FLOW = "bench"
REPORT = Path(__file__).parent / "results" / "ingest.md"
_COLUMNS = ("channel_id", "slot", "wh", "quality", "rank", "version", "batch_id")


class MergeOnly(Intake):
    """The intake without the rules after a merge, which have a goal of their own (P6)."""

    def _check(self, *_: Any) -> None:
        """Nothing."""


def readings_wh() -> Any:
    """Withdrawn Wh of every meter and quarter of a day."""
    return np.random.default_rng(1981).integers(0, 600, (METERS, SLOTS), dtype=np.int64)


def write_payload(path: Path, wh: Any, note: str) -> None:
    """The readings in the built-in profile; `note` makes other bytes of the same readings."""
    names = np.repeat([f"IT001E{number:08}" for number in range(METERS)], SLOTS)
    start_s = np.tile((FIRST_SLOT + np.arange(SLOTS)) * 900, METERS)
    table = pa.table(
        {
            "device": names,
            "timestamp_utc": pa.array(start_s * 1000, pa.timestamp("ms", "UTC")),
            "interval_s": np.full(METERS * SLOTS, 900, np.int32),
            "energy_wh": wh.reshape(-1),
        }
    )
    pq.write_table(table.replace_schema_metadata({"note": note}), path)


def register(database: Database, vault: Vault) -> Any:
    """The meters with one channel each; returns the channel ids in their order."""
    with database.write() as connection:
        Communities(connection).get_or_create("bench", tz="Europe/Rome")
        flow = Flows(connection).get_or_create(FLOW, FlowConfig())
        devices = Devices(connection, vault)
        plain = {"external_id": b"-", "identification": "pod", "type": "meter", "status": "active"}
        pids = [devices.pid(f"IT001E{number:08}") for number in range(METERS)]
        connection.execute(
            insert(Device), [plain | {"device_id": at, "external_pid": pid} for at, pid in enumerate(pids)]
        )
        channel = {"direction": 1, "step_s": 900, "kind": "interval", "one_way": True}
        connection.execute(insert(Channel), [channel | {"channel_id": at, "device_id": at} for at in range(METERS)])
        Flows(connection).add_devices(flow.flow_id, range(METERS))
    return np.arange(METERS, dtype=np.int32)


def plain_copy(database: Database, columns: Any) -> float:
    """Seconds of the reference: COPY into an empty table with the same primary key, committed."""
    with database.write() as connection:
        connection.execute(text("DROP TABLE IF EXISTS plain"))
        connection.execute(
            text(
                "CREATE TABLE plain (channel_id INTEGER, slot INTEGER, wh INTEGER NOT NULL, quality SMALLINT NOT NULL, "
                "rank SMALLINT NOT NULL, version SMALLINT NOT NULL, batch_id INTEGER NOT NULL, "
                "PRIMARY KEY (channel_id, slot))"
            )
        )
    started = time.perf_counter()
    with database.write() as connection:
        copy_columns(connection, "plain", columns)
    return time.perf_counter() - started


def ingest(intake: Intake, payload: Path, at: int) -> tuple[float, Any]:
    """Seconds from a received batch to its commit, and its outcome."""
    receipt = intake.receive(FLOW, payload, received_at_ms=RECEIPT_MS + at)
    started = time.perf_counter()
    outcome = intake.process(receipt.batch_id, now_ms=RECEIPT_MS + at)
    return time.perf_counter() - started, outcome


def digest(connection: Connection, table: str) -> str:
    """SHA-256 of channel, slot, Wh and quality of all rows, in their order."""
    rows = connection.execute(text(f"SELECT channel_id, slot, wh, quality FROM {table} ORDER BY 1, 2")).all()  # noqa: S608 - a name of this file
    return hashlib.sha256(np.array([tuple(row) for row in rows], np.int64).tobytes()).hexdigest()


def clear(database: Database) -> None:
    """Forget all readings and batches; the log keeps its leaves."""
    with database.write() as connection:
        connection.execute(text("TRUNCATE readings, reading_versions, rejects"))
        connection.execute(text("UPDATE batches SET state = 'rejected'"))


def measure(url: str, folder: Path) -> dict[str, list[float]]:
    """Alternating rounds of the three; AssertionError when tables differ."""
    schema.upgrade(url)
    database, vault = Database(url), Vault(hashlib.sha256(b"bench").digest())
    channels, wh = register(database, vault), readings_wh()
    plain = open_intake(database, vault, folder / "lake")
    intake = MergeOnly(database, vault, plain.lake)
    paths = [folder / "first.parquet", folder / "again.parquet"]
    for path in paths:
        write_payload(path, wh, path.stem)
    values = (np.repeat(channels, SLOTS), np.tile(FIRST_SLOT + np.arange(SLOTS), METERS), wh.reshape(-1), 1, 10, 1, 1)
    widths = ("i4", "i4", "i4", "i2", "i2", "i2", "i4")
    columns = {name: (width, one) for name, width, one in zip(_COLUMNS, widths, values, strict=True)}
    found: dict[str, list[float]] = {"reference": [], "ingest": [], "reload": []}
    for at in range(ROUNDS):
        clear(database)
        found["reference"].append(plain_copy(database, columns))
        for name, path in zip(("ingest", "reload"), paths, strict=True):
            seconds, outcome = ingest(intake, path, 2 * at + (name == "reload"))
            found[name].append(seconds)
            expected = "rows_new" if name == "ingest" else "rows_equal"
            assert (outcome.state, outcome.counters[expected]) == ("done", METERS * SLOTS)
        with database.read() as connection:
            assert digest(connection, "readings") == digest(connection, "plain")
    database.close()
    return found


def main() -> None:
    """Measure, print and write the table; exit 1 below the goal."""
    folder = Path(tempfile.mkdtemp(prefix="gettone-bench-"))
    folder.chmod(0o755)
    try:
        with private_cluster(folder / "cluster") as url:
            found = measure(url, folder)
    finally:
        shutil.rmtree(folder)
    seconds = {name: statistics.median(values) for name, values in found.items()}
    ratio = {name: seconds["reference"] / seconds[name] for name in ("ingest", "reload")}
    lines = [
        "# Ingest of 960,000 readings (P1)",
        "",
        f"{METERS:,} meters x {SLOTS} quarters from one Parquet payload, rules V2 to V13, PostgreSQL, one run;",
        f"medians of {ROUNDS} alternating rounds.  The reference is binary COPY of the same rows into an empty table",
        "with the same primary key.  Digests of the tables are compared in every round.",
        "",
        "| work | median s | against COPY | goal |",
        "|---|---|---|---|",
        f"| binary COPY alone | {seconds['reference']:.2f} | 1 | |",
        *(f"| {name} | {seconds[name]:.2f} | {ratio[name]:.2f}x | >= {GOAL}x |" for name in ratio),
    ]
    REPORT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines[-4:]))
    sys.exit(0 if min(ratio.values()) >= GOAL else 1)


if __name__ == "__main__":
    main()
