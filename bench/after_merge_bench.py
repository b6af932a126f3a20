"""Rules V14 to V19 over one day of 100,000 meters x 96 slots, beside the plain sum of the same readings by polars.

The reference only adds up the readings by member and slot, as any platform has to.  The rules look at every reading
for sequences, gaps and coverage, fill the short gaps, and compare sums, sources, injection, nights and yields.  Both
sides hold their input in memory and use the same number of threads.  Rounds alternate; figures are medians.
"""

import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from gettone.metering.checks.block import Block, Bounds
from gettone.metering.checks.comparisons import (
    by_hour,
    injected_from_nowhere,
    low_yields,
    night_slots,
    produced_at_night,
    sources_apart,
    sums_apart,
)
from gettone.metering.checks.examination import Examination, KnownEnergy, examine
from gettone.metering.received import Int64Array
from gettone.types import Direction

METERS, SLOTS, ROUNDS = 100_000, 96, 5
THREADS = pl.thread_pool_size()
# Meters come in threes: a connection point's withdrawal and injection, and the plant behind it.
KINDS = np.array([Direction.WITHDRAWAL, Direction.INJECTION, Direction.PRODUCTION], dtype=np.int8)
CHUNK = 3 * 800
FIRST_SLOT = 1_963_584 - 4
PEAK_W = 4000
GAP_PERMILLE, STUCK_METERS, HELD_VALUES = 20, 20, 500
RATIO_GOAL = 5.0
REPORT = Path(__file__).parent / "results" / "after_merge.md"


@dataclass(frozen=True)
class Day:
    """The input of the rules: blocks of whole members, energies that registers tell, a second source, registers."""

    blocks: list[Block]
    known: list[KnownEnergy]
    second_wh: list[Int64Array]
    register_wh: list[Int64Array]


def readings() -> tuple[Int64Array, np.ndarray]:
    """Signed Wh and quality of every meter and quarter: one meter in fifty has a gap of one to forty quarters."""
    rng = np.random.default_rng(1986)
    sun = np.clip(np.sin((np.arange(SLOTS) - 24) / 48 * np.pi), 0, None)
    wh = rng.integers(0, 900, (METERS, SLOTS))
    plants = np.arange(METERS) % 3 == 2
    wh[plants] = -(wh[plants] * sun).astype(np.int64)
    injecting = np.flatnonzero(np.arange(METERS) % 3 == 1)
    injecting = injecting[injecting + 1 < METERS]
    wh[injecting] = wh[injecting + 1] // 2
    quality = np.ones(wh.shape, dtype=np.int8)
    for meter in rng.choice(METERS, METERS * GAP_PERMILLE // 1000, replace=False):
        first, length = rng.integers(1, SLOTS - 42), rng.integers(1, 41)
        quality[meter, first : first + length] = 0
    wh[rng.choice(METERS, STUCK_METERS, replace=False), 30:80] = 999
    wh[quality == 0] = 0
    return np.ascontiguousarray(wh), quality


def day_of(wh: Int64Array, quality: np.ndarray) -> Day:
    """Cut the readings into blocks, as the job does, and make the figures to compare with."""
    rng = np.random.default_rng(1990)
    held = np.zeros(wh.shape, dtype=bool)
    rows, columns = np.nonzero(quality == 0)
    chosen = rng.choice(len(rows), HELD_VALUES, replace=False)
    wh = wh.copy()
    wh[rows[chosen], columns[chosen]], held[rows[chosen], columns[chosen]] = 60_000, True
    parts = [slice(first, min(first + CHUNK, METERS)) for first in range(0, METERS, CHUNK)]
    blocks = [_block(part, wh[part], quality[part], held[part]) for part in parts]
    second = [np.where(rng.random(one.wh[::10].shape) < 0.001, one.wh[::10] + 40, one.wh[::10]) for one in blocks]
    registers = [
        np.where(one.quality == 1, one.wh, 0).sum(axis=1) + rng.integers(-90, 110, len(one.wh)) for one in blocks
    ]
    return Day(blocks, [_known(one) for one in blocks], second, registers)


def _block(part: slice, wh: Int64Array, quality: np.ndarray, held: np.ndarray) -> Block:
    count = len(wh)
    zeros = np.zeros(count, dtype=np.int64)
    bounds = Bounds(np.arange(count), zeros, np.full(count, 37_500), np.full(count, 1_250))
    direction = KINDS[np.arange(part.start, part.stop) % 3]
    everywhere = np.ones(wh.shape, dtype=bool)
    received = (quality == 1) | held
    firsts = np.array([0])
    ids = np.arange(part.start, part.stop)
    return Block(ids, direction, 900, FIRST_SLOT, wh, quality, received, held, everywhere, firsts, bounds)


def _known(block: Block) -> KnownEnergy:
    """A register behind every second channel tells the energy of its missing span."""
    rows = np.flatnonzero((block.quality == 0).any(axis=1))[::2]
    first = (block.quality[rows] == 0).argmax(axis=1)
    length = (block.quality[rows] == 0).sum(axis=1)
    return KnownEnergy(rows, first, length, np.sign(block.wh[rows, first - 1]) * length * 300)


def rules(day: Day) -> tuple[int, ...]:
    """V14 to V19 over the day; how much was found, as numbers that any run must repeat."""
    with ThreadPoolExecutor(THREADS) as pool:
        counts = list(pool.map(_rules_of_block, day.blocks, day.known, day.second_wh, day.register_wh))
    produced = np.concatenate([one[-1] for one in counts])
    found = np.sum([one[:-1] for one in counts], axis=0)
    return (*found.tolist(), int(low_yields(produced, np.full(len(produced), PEAK_W)).sum()))


def _rules_of_block(block: Block, known: KnownEnergy, second_wh: Int64Array, register_wh: Int64Array) -> tuple:
    found = examine(block, known)
    measured = (found.quality & 1).view(bool)
    plants = np.flatnonzero(block.direction == Direction.PRODUCTION)
    injected, complete = by_hour(found.wh[plants - 1], measured[plants - 1], 900)
    produced, also = by_hour(found.wh[plants], measured[plants], 900)
    inject = injected_from_nowhere(np.abs(injected), np.abs(produced), 0) & complete & also
    starts = block.slot_of(np.arange(SLOTS)) * 900
    night = night_slots(starts, np.full(SLOTS, 3600))
    dark = produced_at_night(found.wh[plants][:, night], measured[plants][:, night], np.full(len(plants), PEAK_W), 900)
    apart = sources_apart(found.wh[::10], second_wh) & measured[::10]
    sums = sums_apart(found.days.wh_plus[:, 0] - found.days.wh_minus[:, 0], register_wh, found.days.actual[:, 0])
    sums &= found.days.actual[:, 0] == SLOTS
    return (*_counts(found), inject.sum(), dark.sum(), apart.sum(), sums.sum(), found.days.wh_minus[plants, 0])


def _counts(found: Examination) -> tuple[int, ...]:
    days = found.days
    return (
        len(found.stuck.row),
        len(found.catch_up[0]),
        len(found.gaps.row),
        len(found.estimates.wh),
        int(found.estimates.wh.sum()),
        int(days.actual.sum()),
        int(days.wh_plus.sum()),
        int(days.wh_minus.sum()),
    )


def frame_of(wh: Int64Array) -> pl.DataFrame:
    """The readings as rows of member, slot and Wh."""
    member = np.repeat(np.arange(METERS, dtype=np.int32) // 3, SLOTS)
    slot = np.tile(np.arange(SLOTS, dtype=np.int32) + FIRST_SLOT, METERS)
    return pl.DataFrame({"member": member, "slot": slot, "wh": wh.ravel()})


def reference(frame: pl.DataFrame) -> pl.DataFrame:
    """The sum of the readings by member and slot."""
    return frame.group_by("member", "slot").agg(pl.col("wh").sum())


def seconds(work: object, argument: object) -> float:
    """Time [s] of one round."""
    started = time.perf_counter()
    work(argument)  # type: ignore[operator]
    return time.perf_counter() - started


def _found(counts: tuple[int, ...]) -> str:
    """What the rules found, in words."""
    return (
        f"Found: {counts[0]} stuck runs, {counts[1]} catch-ups, {counts[2]} gaps with {counts[3]} estimated slots, "
        f"{counts[8]} hours injected from nowhere, {counts[9]} night slots, {counts[10]} sources apart, "
        f"{counts[11]} sums apart, {counts[12]} low yields."
    )


def report() -> tuple[str, bool]:
    """Run everything; the table, and whether the goal is met."""
    wh, quality = readings()
    day, frame = day_of(wh, quality), frame_of(wh)
    first = rules(day)
    assert reference(frame)["wh"].sum() == wh.sum(), "the reference must add up every reading"
    times: dict[str, list[float]] = {"polars": [], "rules": []}
    for _ in range(ROUNDS):
        times["polars"].append(seconds(reference, frame))
        times["rules"].append(seconds(rules, day))
    assert rules(day) == first, "the same day must give the same findings"
    ratio = statistics.median(one / other for one, other in zip(times["rules"], times["polars"], strict=True))
    table = "\n".join(
        [
            "# Rules V14 to V19 over one day of 100,000 meters x 96 slots",
            "",
            "`bench/after_merge_bench.py`; 9.6 million readings in memory; the reference sums them by member and slot.",
            f"{ROUNDS} alternating rounds, {THREADS} threads each; numpy {np.__version__}, polars {pl.__version__}.",
            "",
            "| side | time |",
            "|---|---|",
            *(f"| {side} | {1000 * statistics.median(one):.0f} ms |" for side, one in times.items()),
            "",
            _found(first),
            "",
            f"Median of the ratios rules / polars: **{ratio:.2f}** (goal P6: <= {RATIO_GOAL:.0f}).",
            "",
        ]
    )
    return table, ratio <= RATIO_GOAL


if __name__ == "__main__":
    table, goal_is_met = report()
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text(table, encoding="utf-8")
    print(table)
    sys.exit(0 if goal_is_met else 1)
