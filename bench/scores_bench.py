"""P2, P3, P4: a day of 100,000 meters x 96 readings to model-1 scores, from PostgreSQL and in memory.

P2: reading and scoring beside only reading (channel, slot, wh) through ADBC.  P3: scoring columns in memory beside
polars with one thread, as many as the dense engine has.  P4: peak memory of P3 beside duckdb's, each in a process
of its own over the same file of columns.  The scores of all sides are compared by digest first; rounds alternate, and
ratios are medians of the rounds.
"""

import hashlib
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ["POLARS_MAX_THREADS"] = "1"
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import adbc_driver_postgresql.dbapi as adbc
import duckdb
import numpy as np
import polars as pl
import psycopg
import pyarrow as pa
from pyarrow import feather

from gettone.db import schema
from gettone.db.engine import Database
from gettone.db.repositories.series import read_dense
from gettone.engine.meter_matrix import Int64Array
from gettone.engine.reading_columns import dense_of_columns, dense_scores
from gettone.rewards.self_consumption import SelfConsumption
from tests.factories.bulk_readings import fill_readings
from tests.factories.postgres_cluster import private_cluster

METERS, SLOTS, ROUNDS = 100_000, 96, 5
FROM_SLOT = 1_969_248
SHARING = SelfConsumption(slot_s=900, consumer_share_permille=600)
MIN_RANK = 10
GOALS = {"P2": 1.2, "P3": 1.5, "P4": 4.0}
REPORT = Path(__file__).parent / "results" / "scores.md"
_READ = f"SELECT channel_id, slot, wh FROM readings WHERE slot >= {FROM_SLOT} AND slot < {FROM_SLOT + SLOTS}"  # noqa: S608 - whole numbers of this file


def columns_of_a_day() -> pa.Table:
    """Signed readings of every meter and quarter of a day; one meter in three has a plant, one in 1,000 is missing."""
    rng = np.random.default_rng(1981)
    energy = rng.integers(0, 600, (METERS, SLOTS), np.int32)
    sun = np.clip(np.sin((np.arange(SLOTS) - 24) / 48 * np.pi), 0, None)
    energy[::3] -= (rng.integers(0, 1500, (len(energy[::3]), SLOTS)) * sun).astype(np.int32)
    keep = rng.integers(0, 1_000, METERS * SLOTS) > 0
    columns = {
        "channel_id": np.repeat(np.arange(1, METERS + 1, dtype=np.int32), SLOTS)[keep],
        "slot": np.tile(np.arange(FROM_SLOT, FROM_SLOT + SLOTS, dtype=np.int32), METERS)[keep],
        "wh": energy.ravel()[keep],
        "quality": rng.choice(np.array([1, 2, 3], np.int8), METERS * SLOTS, p=[0.98, 0.01, 0.01])[keep],
    }
    return pa.table(columns)


def dense_side(table: pa.Table) -> Int64Array:
    """The product: columns to a dense matrix to scores."""
    columns = [table[name].to_numpy() for name in ("channel_id", "slot", "wh", "quality")]
    _, wh, quality = dense_of_columns(*columns, FROM_SLOT, FROM_SLOT + SLOTS)
    return dense_scores(wh, quality, SHARING)


def polars_side(table: pa.Table) -> Int64Array:
    """The reference in memory: totals by slot, joined back, divided and summed by meter."""
    whole = pl.Int64
    rows = (
        pl.from_arrow(table)
        .lazy()
        .with_columns(
            w=pl.when(pl.col("quality") & 1 == 1).then(pl.col("wh").clip(0)).otherwise(0).cast(whole),
            j=pl.when(pl.col("quality") & 1 == 1).then((-pl.col("wh")).clip(0)).otherwise(0).cast(whole),
        )
    )
    totals = rows.group_by("slot").agg(W=pl.col("w").sum(), J=pl.col("j").sum())
    totals = totals.with_columns(S=1_000_000 * pl.min_horizontal("W", "J"))
    parts = rows.join(totals, on="slot").with_columns(
        c=pl.col("S") * pl.col("w") // pl.max_horizontal("W", pl.lit(1)),
        p=pl.col("S") * pl.col("j") // pl.max_horizontal("J", pl.lit(1)),
    )
    by_meter = parts.group_by("channel_id").agg(score=(600 * pl.col("c") + 400 * pl.col("p")).sum())
    return by_meter.sort("channel_id").collect()["score"].to_numpy()


def duckdb_side(table: pa.Table) -> Int64Array:
    """The same in duckdb with one thread."""
    connection = duckdb.connect(config={"threads": 1})
    connection.register("readings", table)
    found = connection.execute(
        "WITH rows AS (SELECT channel_id, slot, "
        "CASE WHEN quality & 1 = 1 THEN greatest(wh, 0) ELSE 0 END::BIGINT AS w, "
        "CASE WHEN quality & 1 = 1 THEN greatest(-wh, 0) ELSE 0 END::BIGINT AS j FROM readings), "
        "totals AS (SELECT slot, sum(w)::BIGINT AS tw, sum(j)::BIGINT AS tj FROM rows GROUP BY slot) "
        "SELECT channel_id, sum(600 * (1000000 * least(tw, tj) * w // greatest(tw, 1)) "
        "+ 400 * (1000000 * least(tw, tj) * j // greatest(tj, 1)))::BIGINT AS score "
        "FROM rows JOIN totals USING (slot) GROUP BY channel_id ORDER BY channel_id"
    ).to_arrow_table()
    return found["score"].to_numpy()


SIDES: dict[str, Callable[[pa.Table], Int64Array]] = {
    "dense": dense_side,
    "polars": polars_side,
    "duckdb": duckdb_side,
}


def digest(scores: Int64Array) -> str:
    """SHA-256 of scores in order of the meters."""
    return hashlib.sha256(np.ascontiguousarray(scores, "<i8").tobytes()).hexdigest()


def seconds(work: Callable[[], object]) -> float:
    """Time [s] of one round."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def peak_mib(side: str, file: Path) -> float:
    """Peak memory [MiB] of one side in its own process, the columns included."""
    command = [sys.executable, __file__, "--peak", side, str(file)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def from_postgresql(database: Database) -> Int64Array:
    """P2, the product: dense readings of every channel, then scores."""
    with database.read() as connection:
        end = FROM_SLOT + SLOTS
        wh, quality = read_dense(connection, range(1, METERS + 1), FROM_SLOT, end, min_rank=MIN_RANK)
    return dense_scores(wh, quality, SHARING)


def through_adbc(url: str) -> int:
    """P2, the reference: only reading."""
    with adbc.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(_READ)
        return int(cursor.fetch_arrow_table().num_rows)


def measure_postgresql(table: pa.Table, expected: str) -> tuple[list[float], list[float]]:
    """Rounds [s] of the product and of the reference on a private cluster."""
    folder = Path(tempfile.mkdtemp(prefix="gettone-bench-"))
    folder.chmod(0o755)
    try:
        with private_cluster(folder) as url:
            schema.upgrade(url)
            fill_readings(url, table)
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("VACUUM ANALYZE readings")
            database = Database(url)
            assert digest(from_postgresql(database)) == expected, "scores from PostgreSQL differ"
            assert through_adbc(url) == table.num_rows
            rounds = [
                (seconds(lambda: from_postgresql(database)), seconds(lambda: through_adbc(url))) for _ in range(ROUNDS)
            ]
            database.close()
    finally:
        shutil.rmtree(folder)
    return [one for one, _ in rounds], [other for _, other in rounds]


def ratio(rounds: list[float], reference: list[float]) -> float:
    """Median of the ratios of alternating rounds."""
    return statistics.median(one / other for one, other in zip(rounds, reference, strict=True))


def report() -> tuple[str, bool]:
    """Run everything; the table, and whether all goals are met."""
    table = columns_of_a_day()
    expected = digest(dense_side(table))
    assert all(digest(side(table)) == expected for side in SIDES.values()), "the sides must give the same scores"
    memory = [(seconds(lambda: dense_side(table)), seconds(lambda: polars_side(table))) for _ in range(ROUNDS)]
    dense, polars = [one for one, _ in memory], [other for _, other in memory]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "columns.arrow"
        feather.write_feather(table, str(file), compression="uncompressed")
        peaks = {side: peak_mib(side, file) for side in ("dense", "duckdb")}
    product, reading = measure_postgresql(table, expected)
    found = {"P2": ratio(product, reading), "P3": ratio(dense, polars), "P4": peaks["dense"] / peaks["duckdb"]}
    shown = {
        "P2": (f"{statistics.median(product):.2f} s", f"ADBC, reading alone: {statistics.median(reading):.2f} s"),
        "P3": (f"{statistics.median(dense):.2f} s", f"polars, one thread: {statistics.median(polars):.2f} s"),
        "P4": (f"{peaks['dense']:.0f} MiB", f"duckdb, one thread: {peaks['duckdb']:.0f} MiB"),
    }
    lines = [
        "# A day of 100,000 meters x 96 readings to scores",
        "",
        f"`bench/scores_bench.py`; {table.num_rows:,} readings, model 1, scores equal on all sides (SHA-256",
        f"`{expected[:16]}…`).  {ROUNDS} alternating rounds, medians; ratios are medians of the rounds' ratios.",
        "",
        "| # | product | reference | ratio | goal |",
        "|---|---|---|---|---|",
        *(f"| {key} | {shown[key][0]} | {shown[key][1]} | **{found[key]:.2f}** | <= {GOALS[key]} |" for key in GOALS),
        "",
        "P2 from PostgreSQL through the dense reader; P3 columns in memory; P4 peak memory of P3, columns included.",
        "",
    ]
    return "\n".join(lines), all(found[key] <= GOALS[key] for key in GOALS)


if __name__ == "__main__":
    if "--peak" in sys.argv:
        SIDES[sys.argv[-2]](feather.read_table(sys.argv[-1]))
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    else:
        text, goals_are_met = report()
        REPORT.write_text(text, encoding="utf-8")
        print(text)
        sys.exit(0 if goals_are_met else 1)
