"""Break what a settlement rests on, often, and keep what happened in `docs/reliability.md`.

    python scripts/run_reliability.py                     all parts, one after the other: an hour and more
    python scripts/run_reliability.py "faulty node"       only these; the other lines stay as they were
    python scripts/run_reliability.py --check             runs nothing, fails if the page is stale

The page has no times: it says what was injected, how often, and what happened.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from reliability import outbox, settlement_kills, settlement_stage
from reports.pages import ROOT, publish, table, title

RESULTS = ROOT / "docs" / "reliability.json"
PAGE = ROOT / "docs" / "reliability.md"

SETTLEMENT_SEEDS = 1_000


def killed_settlement() -> tuple[list[list[str]], bool]:
    """The process that settles is killed at drawn steps and instants."""
    with tempfile.TemporaryDirectory() as folder:
        stage = settlement_stage.Stage(Path(folder))
        try:
            outcome = settlement_kills.run_seeds(stage, range(SETTLEMENT_SEEDS))
        finally:
            stage.close()
    return [[what, count, ""] for what, count in outcome.rows()], not outcome.wrong


Part = Callable[[], tuple[list[list[str]], bool]]
PARTS: dict[str, Part] = {
    "faulty node": outbox.faulty_node,
    "two processes": outbox.two_processes,
    "restarted node": outbox.restarted_node,
    "halted mining": outbox.halted_mining,
    "reverted head": outbox.reverted_head,
    "killed settlement": killed_settlement,
}


def main() -> int:
    """Run the parts asked for and write the page; returns the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="which parts, all unless told otherwise")
    parser.add_argument("--check", action="store_true", help="only compare the page with the kept results")
    options = parser.parse_args()
    failed = False
    for part in () if options.check else options.parts or PARTS:
        rows, passed = PARTS[part]()
        print(f"{part}: {'passed' if passed else 'FAILED'}", *(" | ".join(row) for row in rows), sep="\n  ")
        failed |= not passed
        # Read again for each part, so that two runs of different parts keep each other's results.
        kept = _kept() | {part: {"commit": commit(), "passed": passed, "rows": rows}}
        RESULTS.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return int(failed) or publish({PAGE: page(_kept())}, options.check, "run_reliability")


def _kept() -> dict[str, dict[str, object]]:
    kept: dict[str, dict[str, object]] = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    return kept


def commit() -> str:
    """Date and number of the commit that the sources are at."""
    command = ["git", "log", "-1", "--format=%cs %h"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def page(kept: dict[str, dict[str, object]]) -> str:
    """The last result of each part."""
    text = title(
        "Reliability",
        "run_reliability.py",
        "What was broken on purpose, how often, and what happened, with the commit each part was last run at.  Short "
        "versions of the same parts run with every `make test`.",
    )
    rows = [
        (part, *row, "passed" if kept[part]["passed"] else "**failed**", kept[part]["commit"])
        for part in PARTS
        if part in kept
        for row in kept[part]["rows"]  # type: ignore[attr-defined]
    ]
    return text + table(["part", "injected", "how often", "what happened", "", "commit"], rows)


if __name__ == "__main__":
    sys.exit(main())
