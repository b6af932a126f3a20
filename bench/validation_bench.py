"""Rules V2 to V12 over 960,000 rows in memory, beside only sorting the same rows by polars.

The reference brings the rows into the order of the database by (channel, slot).  The rules find the channel of each
row, compute its energy exactly, judge it, sort, look for rivals and bound it.  The rows of the devices come mixed.
Rounds alternate; figures are medians of processor seconds.
"""

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl

from gettone.metering.flow import FlowConfig
from gettone.metering.received import NO_DIRECTION, Received, ReceivedRegisters, Unit
from gettone.metering.registers.resolution import resolve_registers
from gettone.metering.registry import Contract, RegisteredChannel, RegisteredDevice
from gettone.metering.rules.validation import validate
from gettone.metering.values import RegisterBases
from gettone.types import Direction

DEVICES, SLOTS, ROUNDS = 10_000, 96, 5
START_S = 1_772_323_200
RECEIPT_S = START_S + 7 * 86_400
SECONDS_GOAL = 1.0
REPORT = Path(__file__).parent / "results" / "validation.md"
NAMES = tuple(f"meter {at}" for at in range(DEVICES))
REGISTRY = {
    name: RegisteredDevice(
        at, None, (RegisteredChannel(at, Direction.WITHDRAWAL, 900, 6),), (Contract(0, None, 3_000, None, None),)
    )
    for at, name in enumerate(NAMES)
}
FLOW = FlowConfig(syntax="csv", unit="kWh")


def columns(mantissa: np.ndarray) -> dict[str, object]:
    """The columns that both kinds of rows have, device after device."""
    count = DEVICES * SLOTS
    return {
        "devices": NAMES,
        "row": np.arange(2, count + 2),
        "device": np.repeat(np.arange(DEVICES, dtype=np.int32), SLOTS),
        "direction": np.full(count, NO_DIRECTION, np.int8),
        "mantissa": mantissa.ravel(),
        "exponent": np.full(count, -3, np.int8),
        "unit": np.full(count, Unit.KWH, np.int8),
        "quality": np.ones(count, np.int8),
    }


def mixed(found: dict[str, object], order: np.ndarray) -> dict[str, object]:
    """The same rows in another order."""
    return {name: column[order] if isinstance(column, np.ndarray) else column for name, column in found.items()}


def rounds(work: dict[str, Callable[[], int]]) -> dict[str, float]:
    """Median processor seconds of each side, in alternating rounds; each side must find the same every time."""
    times: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(ROUNDS):
        for name, side in work.items():
            started = time.process_time()
            found = side()
            times[name].append(time.process_time() - started)
            assert found == (DEVICES * (SLOTS - 1) if name == "registers" else DEVICES * SLOTS), name
    return {name: statistics.median(one) for name, one in times.items()}


def report() -> tuple[str, bool]:
    """Run everything; the table, and whether the goal is met."""
    rng = np.random.default_rng(1986)
    wh = rng.integers(0, 900, (DEVICES, SLOTS))
    start_s = np.tile(START_S + 900 * np.arange(SLOTS), DEVICES)
    length = {"interval_s": np.full(len(start_s), 900, np.int32)}
    sorted_rows = columns(wh) | {"start_s": start_s} | length
    mixed_rows = mixed(sorted_rows, rng.permutation(len(start_s)))
    by_device, by_chance = Received(**sorted_rows), Received(**mixed_rows)  # type: ignore[arg-type]
    readings = ReceivedRegisters(**columns(wh.cumsum(axis=1)), at_s=start_s)  # type: ignore[arg-type]
    frame = pl.DataFrame({"channel": by_chance.device, "slot": by_chance.start_s // 900, "wh": by_chance.mantissa})
    registers = FlowConfig(syntax="csv", unit="kWh", kind="register")
    times = rounds(
        {
            "polars, sorting only": lambda: len(frame.sort("channel", "slot")),
            "rules, rows by device": lambda: len(validate(by_device, REGISTRY, FLOW, RECEIPT_S).accepted),
            "rules, rows mixed": lambda: len(validate(by_chance, REGISTRY, FLOW, RECEIPT_S).accepted),
            "registers": lambda: len(
                resolve_registers(readings, REGISTRY, registers, RECEIPT_S, RegisterBases.empty()).accepted
            ),
        }
    )
    return _table(times), times["rules, rows by device"] < SECONDS_GOAL


def _table(times: dict[str, float]) -> str:
    reference = times["polars, sorting only"]
    return "\n".join(
        [
            "# Rules V2 to V12 over 960,000 rows",
            "",
            "`bench/validation_bench.py`; 10,000 registered devices x 96 quarters in memory, all good.",
            f"{ROUNDS} alternating rounds, processor time; numpy {np.__version__}, polars {pl.__version__}.",
            "",
            "| side | time | to the reference |",
            "|---|---|---|",
            *(f"| {side} | {1000 * one:.0f} ms | {one / reference:.2f} |" for side, one in times.items()),
            "",
        ]
    )


if __name__ == "__main__":
    table, goal_is_met = report()
    REPORT.write_text(table, encoding="utf-8")
    print(table)
    sys.exit(0 if goal_is_met else 1)
