"""Run what is too long for every day, and keep the result in `docs/contracts/long-runs.md`.

    python scripts/run_long.py                      all parts, one after the other: hours
    python scripts/run_long.py invariants london    only these; the other lines stay as they were
    python scripts/run_long.py --check              runs nothing, fails if the page is not that of the kept results

The page has no times: it says what was run and what came out, so that the same sources give the same page.
"""

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Callable

from reports import forge
from reports.pages import PAGES, ROOT, publish, table, title

RESULTS = PAGES / "long-runs.json"
INVARIANT_RUNS = 2_000  # of 500 calls each, tests/forge/Invariants.t.sol
INVARIANT_CALLS = 1_000_000
TIME_LIMIT_S = 6 * 3600

Row = list[str]  # what, bounds, result


def main() -> int:
    """Run the parts asked for and write the page; returns the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="which parts, all unless told otherwise")
    parser.add_argument("--check", action="store_true", help="only compare the page with the kept results")
    options = parser.parse_args()
    kept = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    failed = False
    for part in () if options.check else options.parts or PARTS:
        rows, passed = PARTS[part]()
        print(f"{part}: {'passed' if passed else 'FAILED'}", *(" | ".join(row) for row in rows), sep="\n  ")
        failed |= not passed
        kept[part] = {"commit": commit(), "passed": passed, "rows": rows}
        RESULTS.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    stale = publish({PAGES / "long-runs.md": page(kept)}, options.check, "run_long")
    return int(failed) or stale


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


def commit() -> str:
    """Date and number of the commit that the sources are at."""
    command = ["git", "log", "-1", "--format=%cs %h"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def page(kept: dict[str, dict[str, object]]) -> str:
    """The last result of each part."""
    text = title(
        "Long runs",
        "run_long.py",
        "The last result of each part of `make test-long`, with the commit it was run at.",
    )
    rows = [
        (part, *row, "passed" if kept[part]["passed"] else "**failed**", kept[part]["commit"])
        for part in PARTS
        if part in kept
        for row in kept[part]["rows"]  # type: ignore[attr-defined]
    ]
    return text + table(["part", "what", "bounds", "result", "", "commit"], rows)


PARTS: dict[str, Callable[[], tuple[list[Row], bool]]] = {
    "london": london,
    "proofs": proofs,
    "invariants": invariants,
    "mutants": mutants,
}


if __name__ == "__main__":
    sys.exit(main())
