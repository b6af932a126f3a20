"""Rewards of 100,000 meters x 96 slots, model 1, in memory: the dense engine beside a plain numpy computation.

The reference is what one would write in numpy without further thought: whole arrays, integer division by the
totals, integer pro-rata of the budget, the units left over to the largest remainders.  Both sides read the same
array of signed readings, and both must give the same units.  Rounds alternate, figures are medians; memory is the
peak of numpy and Python together over the resident input, each side in a process of its own.
"""

import json
import statistics
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path

import numpy as np

from gettone.engine.dense import reward_meters
from gettone.engine.meter_matrix import Int64Array, MeterMatrix
from gettone.rewards.model import parse_model

METERS, SLOTS, ROUNDS = 100_000, 96, 7
BUDGET_UNITS = 10**21
MODEL = parse_model(
    {
        "kind": "self_consumption",
        "mode": "pool",
        "budget_units": BUDGET_UNITS,
        "slot_s": 900,
        "consumer_share_permille": 600,
    }
)
RATIO_GOAL, MEMORY_GOAL = 1.5, 2.0
REPORT = Path(__file__).parent / "results" / "rewards.md"


def readings_wh() -> Int64Array:
    """Signed readings [Wh] of every meter and quarter hour of a day; one meter in three has a plant."""
    rng = np.random.default_rng(1981)
    energy = rng.integers(0, 600, (METERS, SLOTS))
    sun = np.clip(np.sin((np.arange(SLOTS) - 24) / 48 * np.pi), 0, None)
    energy[::3] -= (rng.integers(0, 1500, (len(energy[::3]), SLOTS)) * sun).astype(np.int64)
    return np.ascontiguousarray(energy, dtype=np.int64)


def reference(energy_wh: Int64Array) -> list[int]:
    """Units of every meter by whole-array numpy: totals, pro-rata per slot, pro-rata of the budget."""
    withdrawn, injected = np.maximum(energy_wh, 0), np.maximum(-energy_wh, 0)
    total_withdrawn, total_injected = withdrawn.sum(axis=0), injected.sum(axis=0)
    shared_uwh = 10**6 * np.minimum(total_withdrawn, total_injected)
    as_consumer = (shared_uwh * withdrawn // np.maximum(total_withdrawn, 1)).sum(axis=1)
    as_producer = (shared_uwh * injected // np.maximum(total_injected, 1)).sum(axis=1)
    scores = (600 * as_consumer + 400 * as_producer).astype(object)
    total = scores.sum()
    units, remainders = BUDGET_UNITS * scores // total, BUDGET_UNITS * scores % total
    left_over = BUDGET_UNITS - units.sum()
    units[np.argsort(-remainders, kind="stable")[:left_over]] += 1
    return list(units)


def dense(energy_wh: Int64Array) -> list[int]:
    """Units of every meter by the dense engine, one meter a member."""
    meters = MeterMatrix(energy_wh, np.arange(METERS + 1))
    return reward_meters(meters, MODEL, BUDGET_UNITS).reward_units


SIDES = {"reference": reference, "dense": dense}


def seconds(side: str, energy_wh: Int64Array) -> float:
    """Time [s] of one round."""
    started = time.perf_counter()
    SIDES[side](energy_wh)
    return time.perf_counter() - started


def peak_over_input(side: str) -> float:
    """Peak memory of one side, the input included, as a multiple of the input; measured in its own process."""
    command = [sys.executable, __file__, "--peak", side]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    return float(json.loads(answer.stdout)["ratio"])


def print_peak(side: str) -> None:
    """Child process: allocate the input, run one side, print the peak as a multiple of the input."""
    tracemalloc.start()
    energy_wh = readings_wh()
    tracemalloc.reset_peak()
    SIDES[side](energy_wh)
    _, peak = tracemalloc.get_traced_memory()
    print(json.dumps({"ratio": peak / energy_wh.nbytes}))


def report() -> tuple[str, bool]:
    """Run everything; the table, and whether both goals are met."""
    energy_wh = readings_wh()
    assert reference(energy_wh) == dense(energy_wh), "both sides must give the same units"
    rounds: dict[str, list[float]] = {side: [] for side in SIDES}
    for _ in range(ROUNDS):
        for side, times in rounds.items():
            times.append(seconds(side, energy_wh))
    ratio = statistics.median(one / other for one, other in zip(rounds["dense"], rounds["reference"], strict=True))
    peaks = {side: peak_over_input(side) for side in SIDES}
    rows = [
        f"| {side} | {1000 * statistics.median(times):.0f} ms | {peaks[side]:.2f} x input |"
        for side, times in rounds.items()
    ]
    table = "\n".join(
        [
            "# Rewards of 100,000 meters x 96 slots, model 1",
            "",
            "`bench/rewards_bench.py`; signed int64 readings in memory (76.8 MB), units equal on both sides.",
            f"{ROUNDS} alternating rounds in one process, medians; numpy {np.__version__}.",
            "",
            "| side | time | peak memory, input included |",
            "|---|---|---|",
            *rows,
            "",
            f"Median of the ratios dense / reference: **{ratio:.2f}** (goal <= {RATIO_GOAL}).",
            f"Goal for the memory of the dense side: <= {MEMORY_GOAL:.0f} x input.",
            "",
        ]
    )
    return table, ratio <= RATIO_GOAL and peaks["dense"] <= MEMORY_GOAL


if __name__ == "__main__":
    if "--peak" in sys.argv:
        print_peak(sys.argv[-1])
    else:
        REPORT.parent.mkdir(parents=True, exist_ok=True)
        table, goals_are_met = report()
        REPORT.write_text(table, encoding="utf-8")
        print(table)
        sys.exit(0 if goals_are_met else 1)
