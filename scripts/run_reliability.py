"""Break what a settlement rests on, often, and keep what happened in `docs/reliability.md`.

    python scripts/run_reliability.py                     all parts, one after the other: an hour and more
    python scripts/run_reliability.py "faulty node"       only these; the other lines stay as they were
    python scripts/run_reliability.py --check             runs nothing, fails if the page is stale

The page has no times: it says what was injected, how often, and what happened.
"""

import sys
import tempfile
from pathlib import Path

from reliability import database_faults, outbox, settlement_kills, settlement_stage
from reports.kept_runs import KeptRuns, Part, Row
from reports.pages import ROOT

SETTLEMENT_SEEDS = 1_000


def killed_settlement() -> tuple[list[Row], bool]:
    """The process that settles is killed at drawn steps and instants."""
    with tempfile.TemporaryDirectory() as folder:
        stage = settlement_stage.Stage(Path(folder))
        try:
            outcome = settlement_kills.run_seeds(stage, range(SETTLEMENT_SEEDS))
        finally:
            stage.close()
    return [[what, count, ""] for what, count in outcome.rows()], not outcome.wrong


PARTS: dict[str, Part] = {
    "faulty node": outbox.faulty_node,
    "two processes": outbox.two_processes,
    "restarted node": outbox.restarted_node,
    "halted mining": outbox.halted_mining,
    "reverted head": outbox.reverted_head,
    "database faults": database_faults.database_faults,
    "killed settlement": killed_settlement,
}


RUNS = KeptRuns(
    "run_reliability",
    ROOT / "docs" / "reliability.md",
    "Reliability",
    "What was broken on purpose, how often, and what happened, with the commit each part was last run at.  Short "
    "versions of the same parts run with every `make test`.",
    ["injected", "how often", "what happened"],
    PARTS,
)

if __name__ == "__main__":
    sys.exit(RUNS.main(__doc__))
