"""Speed of the notarization on one core, beside a reference run in the same process.

    python bench/notary_bench.py            prints the table and writes bench/results/notary.md

* building series: nonces, slot leaves and tree of a member-month of quarter hours, against four bare SHA-256 calls
  a slot, which the format cannot do with less (two for the HMAC, one for the leaf, one for the tree);
* verifying the take-out of a member-year: twelve months of quarter hours with hourly totals, all nine steps;
* building the take-out of a member-month.

Every figure is the best of some runs in CPU seconds of this process.
"""

import os
import platform
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from gettone.notary.leaves import SeriesHeader  # noqa: E402 - the root must be on the path first
from gettone.notary.series import header_nonce, series_hashes  # noqa: E402 - as above
from gettone.notary.takeout_write import write_takeout  # noqa: E402 - as above
from gettone.notary.tree import root_of_hashes  # noqa: E402 - as above
from gettone.notary.verify.run import verify_takeout  # noqa: E402 - as above
from gettone.notary.verify_bundle import verifier_source  # noqa: E402 - as above
from gettone.periods import period_of_dates  # noqa: E402 - as above
from gettone.types import SettlementPeriod  # noqa: E402 - as above
from gettone.verifier import GettoneRules  # noqa: E402 - as above
from tests.factories.synthetic_ledger import SyntheticLedger  # noqa: E402 - as above
from tests.factories.takeouts import RecordedChain, evidence_of, takeout_of  # noqa: E402 - as above

SLOTS = 2_976
SERIES = 20
GOAL_SLOTS_A_SECOND = 300_000
GOAL_VERIFY_YEAR_S = 1.0
GOAL_TAKEOUT_MONTH_S = 0.5
RESULT = ROOT / "bench" / "results" / "notary.md"


def best_s(run: Callable[[], Any], times: int) -> float:
    """Least CPU seconds of `times` runs."""
    seconds = []
    for _ in range(times):
        start = time.process_time()
        run()
        seconds.append(time.process_time() - start)
    return min(seconds)


def build_series() -> None:
    """Commit SERIES series of SLOTS slots."""
    readings = [(at % 1_500, 1) for at in range(SLOTS)]
    for number in range(SERIES):
        k_p = sha256(b"throw-away" + bytes([number])).digest()
        header = SeriesHeader(header_nonce(k_p), k_p, 0, 900, SLOTS, 0, 1, 5, bytes(32))
        root_of_hashes(series_hashes(k_p, header, readings))


def bare_hashes() -> None:
    """The reference: as many SHA-256 calls as the format needs, with nothing around them."""
    block = bytes(55)
    for _ in range(4 * SERIES * SLOTS):
        sha256(block).digest()


def month_of_2026(index: int) -> SettlementPeriod:
    """Period `index` is a month of 2026 in Rome, January 0."""
    after = date(2027, 1, 1) if index == 11 else date(2026, index + 2, 1)
    return period_of_dates(date(2026, index + 1, 1), after, "Europe/Rome")


def settled_months(count: int) -> SyntheticLedger:
    """Nine members with quarter-hour meters, settled by model 1 month after month."""
    ledger = SyntheticLedger(periods=month_of_2026, interval_s=900)
    for index in range(count):
        ledger.settle((index, 0), 1)
    return ledger


def measure() -> list[tuple[str, str, str, bool]]:
    """Rows (what, measured, goal, met)."""
    series_s, reference_s = best_s(build_series, 5), best_s(bare_hashes, 5)
    rate = SERIES * SLOTS / series_s
    rows = [
        ("series built, slots a second", f"{rate:,.0f}", f">= {GOAL_SLOTS_A_SECOND:,}", rate >= GOAL_SLOTS_A_SECOND),
        ("  ratio to bare SHA-256 calls", f"{series_s / reference_s:.2f}", "-", True),
    ]
    month, year, program = settled_months(1), settled_months(12), verifier_source()
    one_month, chain = takeout_of(month), RecordedChain(evidence_of(year))
    month_s = best_s(lambda: write_takeout(one_month, verifier=program), 3)
    data = write_takeout(takeout_of(year), verifier=program)
    verdict = verify_takeout(data, chain, GettoneRules()).verdict
    if verdict != "OK":
        raise SystemExit(f"the take-out of the year does not verify: {verdict}")
    year_s = best_s(lambda: verify_takeout(data, chain, GettoneRules()), 3)
    one = ("take-out of a member-month built, s", f"{month_s:.3f}", f"<= {GOAL_TAKEOUT_MONTH_S}")
    two = ("member-year verified (9 steps), s", f"{year_s:.3f}", f"<= {GOAL_VERIFY_YEAR_S}")
    size = ("  its size, MB", f"{len(data) / 1e6:.1f}", "-", True)
    return [*rows, (*one, month_s <= GOAL_TAKEOUT_MONTH_S), (*two, year_s <= GOAL_VERIFY_YEAR_S), size]


def table(rows: Sequence[tuple[str, str, str, bool]]) -> str:
    """The rows as a Markdown table."""
    lines = ["| what | measured | goal | met |", "|---|---|---|---|"]
    lines += [f"| {what} | {found} | {goal} | {'yes' if met else 'NO'} |" for what, found, goal, met in rows]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Measure, print, write; exit status 1 if a goal is missed."""
    rows = measure()
    machine = f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores, one used"
    text = f"# Notarization\n\nMeasured by `bench/notary_bench.py`: {machine}; CPU seconds, best of several runs.\n\n"
    print(table(rows))
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(text + table(rows), encoding="utf-8")
    return 0 if all(met for *_, met in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
