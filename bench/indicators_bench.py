"""P8: all indicators K1 to K18 of a month for 1,000 members, beside the polars aggregation they rest on.

Both sides begin with the readings of 2,000 channels (a load and a plant meter each) in memory: the product with the
dense matrix that the database reader gives, polars with the same readings as one row a member and slot, the form its
aggregations want.  The reference takes sums, shared energy, percentiles, extremes, days, bands, mean days and profiles;
ratios, half-even rounding, peaks and curves as objects are left to the product alone.  One thread each; what both sides
compute is compared by digest first.
"""

import hashlib
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ["POLARS_MAX_THREADS"] = "1"

import numpy as np
import polars as pl

from gettone.metering.calendar.bands import band_numbers
from gettone.metering.calendar.slots import SlotCalendar
from gettone.metering.indicators.arithmetic import Int64Array
from gettone.metering.indicators.member_energies import Part, Readings, member_energies
from gettone.metering.indicators.range_indicators import RangeIndicators, range_indicators
from gettone.types import Direction

MEMBERS, ROUNDS, GOAL = 1_000, 5, 3.0
# October 2026 in Rome: 31 days, 2,980 quarters, among them the hour that occurs twice.
MONTH = SlotCalendar(1_989_784, 1_989_784 + 2_980, 900, "Europe/Rome")
REPORT = Path(__file__).parent / "results" / "indicators.md"
WH = ("load", "production", "withdrawn", "injected", "self")


def readings_of_a_month() -> tuple[Readings, tuple[Part, ...]]:
    """Load and plant of every member, all measured; plants are dark at night."""
    rng = np.random.default_rng(1981)
    slots = MONTH.to_slot - MONTH.from_slot
    wh = np.zeros((2 * MEMBERS, slots), np.int64)
    wh[::2] = rng.integers(20, 900, (MEMBERS, slots))
    sun = np.clip(np.sin((MONTH.position - 24) / 48 * np.pi), 0, None)
    wh[1::2] = -(rng.integers(0, 1_500, (MEMBERS, slots)) * sun).astype(np.int64)
    parts = tuple(
        Part(row, row // 2, row // 2, Direction.PRODUCTION if row % 2 else Direction.LOAD, 900, 0, 2**31)
        for row in range(2 * MEMBERS)
    )
    return Readings(MONTH.from_slot, wh, np.ones(wh.shape, np.int8)), parts


def product(readings: Readings, parts: tuple[Part, ...]) -> RangeIndicators:
    """Everything, of every member and the community."""
    calendar = SlotCalendar(MONTH.from_slot, MONTH.to_slot, 900, "Europe/Rome")
    return range_indicators(member_energies(readings, parts, MEMBERS, 900), calendar, 900)


def frame_of(readings: Readings) -> pl.DataFrame:
    """One row a member and slot, with the local time of the slot."""
    slots = readings.slots
    columns = {
        "member": np.repeat(np.arange(MEMBERS, dtype=np.int32), slots),
        "slot": np.tile(np.arange(slots, dtype=np.int32), MEMBERS),
        "load": readings.wh[::2].ravel(),
        "production": -readings.wh[1::2].ravel(),
        "day": np.tile(MONTH.days.astype(np.int32), MEMBERS),
        "position": np.tile(MONTH.position.astype(np.int16), MEMBERS),
        "work": np.tile(MONTH.is_work_day, MEMBERS),
        "band": np.tile(band_numbers(MONTH), MEMBERS),
    }
    return pl.DataFrame(columns)


def reference(frame: pl.DataFrame) -> tuple[pl.DataFrame, ...]:
    """The aggregations beneath the indicators."""
    net = pl.col("load") - pl.col("production")
    rows = frame.with_columns(
        net.clip(0).alias("withdrawn"),
        (-net).clip(0).alias("injected"),
        pl.min_horizontal("load", "production").alias("self"),
    )
    totals = rows.group_by("slot").agg(pl.col(*WH).sum())
    shared = totals.select(
        "slot", W="withdrawn", J="injected", S=1_000_000 * pl.min_horizontal("withdrawn", "injected")
    )
    rows = rows.join(shared, on="slot").with_columns(
        consumer=pl.col("S") * pl.col("withdrawn") // pl.max_horizontal("W", pl.lit(1)),
        producer=pl.col("S") * pl.col("injected") // pl.max_horizontal("J", pl.lit(1)),
    )
    load = pl.col("load")
    extremes = (load.max().alias("max"), load.min().alias("min"), load.mean().alias("mean"), load.std().alias("sd"))
    members = rows.group_by("member").agg(
        pl.col(*WH, "consumer", "producer").sum(),
        load.quantile(0.975, "nearest").alias("p975"),
        load.quantile(0.025, "nearest").alias("p25"),
        load.max().alias("max"),
        load.arg_max().alias("at_max"),
        load.arg_min().alias("at_min"),
    )
    days = rows.group_by("member", "day").agg(pl.col(*WH, "consumer", "producer").sum(), load.max().alias("max"))
    bands = rows.group_by("member", "band").agg(load.sum())
    means = rows.group_by("member", "position").agg(load.mean())
    profiles = rows.group_by("member", "work", "position").agg(*extremes)
    return members.sort("member"), days, bands, means, profiles, totals


def digest_of(columns: list[Int64Array]) -> str:
    """SHA-256 of the sums that both sides have."""
    return hashlib.sha256(b"".join(np.ascontiguousarray(one, "<i8").tobytes() for one in columns)).hexdigest()


def sums_of_product(found: RangeIndicators) -> list[Int64Array]:
    """Sums by member in the order of the reference's columns."""
    totals = found.days.members.merged(np.array([0]))
    flows = (totals.load_wh, totals.production_wh, totals.withdrawn_wh, totals.injected_wh, totals.self_wh)
    return [one[:, 0] for one in (*flows, totals.consumer_uwh, totals.producer_uwh, totals.max_wh)]


def sums_of_reference(found: tuple[pl.DataFrame, ...]) -> list[Int64Array]:
    """The same sums of polars."""
    return [found[0][name].to_numpy() for name in (*WH, "consumer", "producer", "max")]


def seconds(work: Callable[[], object]) -> float:
    """Time [s] of one round."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def report() -> tuple[str, bool]:
    """Run both sides; the table, and whether the goal is met."""
    readings, parts = readings_of_a_month()
    frame = frame_of(readings)
    found = digest_of(sums_of_product(product(readings, parts)))
    assert found == digest_of(sums_of_reference(reference(frame))), "both sides must give the same sums"
    rounds = [(seconds(lambda: product(readings, parts)), seconds(lambda: reference(frame))) for _ in range(ROUNDS)]
    ratio = statistics.median(one / other for one, other in rounds)
    own, others = (statistics.median(times) for times in zip(*rounds, strict=True))
    lines = [
        "# Indicators of a month for 1,000 members",
        "",
        f"`bench/indicators_bench.py`; {readings.wh.size:,} readings of October 2026, one thread, sums equal on both",
        f"sides (SHA-256 `{found[:16]}…`).  {ROUNDS} alternating rounds, medians.",
        "",
        "| side | time |",
        "|---|---|",
        f"| product: K1 to K18 of every member and the community | {own:.2f} s |",
        f"| polars: the aggregations beneath | {others:.2f} s |",
        "",
        f"Median of the ratios product / reference: **{ratio:.2f}** (goal P8 <= {GOAL:.0f}).",
        "",
    ]
    return "\n".join(lines), ratio <= GOAL


if __name__ == "__main__":
    text, goal_is_met = report()
    REPORT.write_text(text, encoding="utf-8")
    print(text)
    sys.exit(0 if goal_is_met else 1)
