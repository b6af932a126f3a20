"""Run what is too long for every day, and keep the result in `docs/contracts/long-runs.md`.

    python scripts/run_long.py                      all parts, one after the other: hours
    python scripts/run_long.py invariants london    only these; the other lines stay as they were
    python scripts/run_long.py --check              runs nothing, fails if the page is not that of the kept results

The page has no times: it says what was run and what came out, so that the same sources give the same page.
"""

import re
import subprocess
import sys

from reports import forge
from reports.kept_runs import KeptRuns, Part, Row
from reports.pages import PAGES, ROOT

INVARIANT_RUNS = 2_000  # of 500 calls each, tests/forge/Invariants.t.sol
INVARIANT_CALLS = 1_000_000
TIME_LIMIT_S = 6 * 3600


def invariants() -> tuple[list[Row], bool]:
    """A million calls of the state machines of forge."""
    variables = forge.environment("long", FOUNDRY_INVARIANT_RUNS=str(INVARIANT_RUNS))
    command = [forge.BINARIES / "forge", "test", "--match-test", "^invariant_"]
    done = forge.run([*command], variables, TIME_LIMIT_S)
    found = re.findall(
        r"\[(PASS|FAIL)[^\]]*\] (invariant_\w+)\(\) \(runs: (\d+), calls: (\d+), reverts: (\d+)", done.stdout
    )
    if not found:
        raise SystemExit(f"forge ran no invariant:\n{done.stdout[-3000:]}")
    rows = [[name, f"{runs} runs, seed 0x1981", f"{calls} calls, {reverts} reverts: {how}"]
            for how, name, runs, calls, reverts in found]  # fmt: skip
    enough = all(int(calls) >= INVARIANT_CALLS for _, _, _, calls, _ in found)
    return rows, done.returncode == 0 and enough


def mutants() -> tuple[list[Row], bool]:
    """Every mutant; its own page is `mutation.md`."""
    return _script("planted bugs", "every mutant of every operator", "mutate_contracts.py", "--full", "--write")


def proofs() -> tuple[list[Row], bool]:
    """The proofs of every day and those with larger bounds."""
    return _script("symbolic proofs", "larger batches too", "check_halmos.py", "--long")


def london() -> tuple[list[Row], bool]:
    """The same sources for older networks."""
    return _script("build for older networks", "OpenZeppelin 5.3.0", "build_contracts.py", "--evm", "london", "--check")


def _script(what: str, bounds: str, name: str, *options: str) -> tuple[list[Row], bool]:
    """Run a script of this folder; its last line is the result."""
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / name, *options],
        cwd=ROOT, capture_output=True, text=True, timeout=TIME_LIMIT_S, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        print(done.stdout[-6000:], done.stderr[-3000:], file=sys.stderr)
    lines = (done.stdout or done.stderr).strip().splitlines() or ["said nothing"]
    return [[what, bounds, lines[-1]]], done.returncode == 0


PARTS: dict[str, Part] = {
    "london": london,
    "proofs": proofs,
    "invariants": invariants,
    "mutants": mutants,
}


RUNS = KeptRuns(
    "run_long",
    PAGES / "long-runs.md",
    "Long runs",
    "The last result of each part of `make test-long`, with the commit it was run at.",
    ["what", "bounds", "result"],
    PARTS,
)

if __name__ == "__main__":
    sys.exit(RUNS.main(__doc__))
