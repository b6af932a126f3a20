"""Measure lines and branches of every contract and library that the forge tests run, and fail below the goal.

    python scripts/coverage_contracts.py           writes docs/contracts/coverage.md
    python scripts/coverage_contracts.py --check   fails below the goal, or if the page names other sources

forge switches the optimizer off to count. Gas tests are left out: they measure the optimized code.
"""

import re
import sys
from dataclasses import dataclass
from pathlib import Path

from mutation import source
from reports import forge
from reports.pages import PAGES, ROOT, check_argument, permille, publish, table, title

REPORT = ROOT / "build" / "coverage" / "lcov.info"
GOAL_PER_CENT = 95
TIME_LIMIT_S = 900
ROW = re.compile(r"^\| `(.+)` \| (\d+) \| [^|]+ \| (\d+) \|", re.MULTILINE)
"""Source, lines and branches of a row of the page."""


@dataclass
class Counts:
    """Lines and branches of one file: there and run."""

    lines: int = 0
    lines_run: int = 0
    branches: int = 0
    branches_run: int = 0

    def is_enough(self) -> bool:
        """Whether both reach the goal."""
        pairs = ((self.lines_run, self.lines), (self.branches_run, self.branches))
        return all(run * 100 >= GOAL_PER_CENT * whole for run, whole in pairs)


def main() -> int:
    """Measure, compare, write or check the page; returns the exit status."""
    check = check_argument(__doc__)
    files, missed = measure()
    short = [path for path, counts in files.items() if not counts.is_enough()]
    for path in short:
        print(f"coverage: {path} is below {GOAL_PER_CENT} %: {'; '.join(missed[path])}", file=sys.stderr)
    if short:
        return 1
    if check:
        return int(not is_fresh(page(files)))
    return publish({PAGES / "coverage.md": page(files)}, check, "coverage_contracts")


def is_fresh(text: str) -> bool:
    """Whether the committed page names the same sources, with as many lines and branches.

    What was run of them is not compared: drawn cases may take a branch in one run and miss it in the next, and the
    goal alone decides.
    """
    committed = (PAGES / "coverage.md").read_text(encoding="utf-8")
    if ROW.findall(committed) == ROW.findall(text):
        return True
    print("coverage: docs/contracts/coverage.md is stale: run make contract-docs", file=sys.stderr)
    return False


def measure() -> tuple[dict[str, Counts], dict[str, list[str]]]:
    """Counts by source file, and what no test ran; SystemExit if a test fails or a source with code is missing."""
    variables = forge.environment("coverage", FOUNDRY_INVARIANT_RUNS="5", FOUNDRY_FUZZ_RUNS="64")
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.unlink(missing_ok=True)
    command = [forge.BINARIES / "forge", "coverage", "--report", "lcov", "--report-file", str(REPORT)]
    # Counting code is larger than the chain takes.
    command += ["--code-size-limit", "500000", "--no-match-contract", "Gas"]
    done = forge.run(command, variables, TIME_LIMIT_S)
    if done.returncode != 0 or not REPORT.exists():
        failures = [row for row in done.stdout.splitlines() if "[FAIL" in row]
        raise SystemExit("\n".join(["forge coverage failed:", *failures, done.stderr[-2000:]]))
    files, missed = parse(REPORT.read_text(encoding="utf-8").splitlines())
    for contract in sorted((ROOT / "contracts").rglob("*.sol")):
        if str(contract.relative_to(ROOT)) not in files and has_statements(contract):
            raise SystemExit(f"forge coverage does not mention {contract.name}")
    return files, missed


def has_statements(path: Path) -> bool:
    """Whether a source has any code to run; interfaces and mere compositions have none."""
    code = source.visible(path.read_text(encoding="utf-8"))
    return any(True for body in source.bodies(code) for _ in source.statements(code, body))


def parse(report: list[str]) -> tuple[dict[str, Counts], dict[str, list[str]]]:
    """Read the lcov report: `DA:line,hits` for lines, `BRDA:line,block,branch,hits` for branches, `-` for none."""
    files: dict[str, Counts] = {}
    missed: dict[str, list[str]] = {}
    path = ""
    for row in report:
        kind, _, rest = row.partition(":")
        if kind == "SF":
            path = rest
        if not path.startswith("contracts/"):
            continue
        counts, holes = files.setdefault(path, Counts()), missed.setdefault(path, [])
        fields = rest.split(",")
        run = fields[-1] not in ("0", "-")
        if kind == "DA":
            counts.lines += 1
            counts.lines_run += run
        elif kind == "BRDA":
            counts.branches += 1
            counts.branches_run += run
        if kind in ("DA", "BRDA") and not run:
            holes.append(f"{'line' if kind == 'DA' else 'a branch of line'} {fields[0]}")
    return files, missed


def page(files: dict[str, Counts]) -> str:
    """One line for each source file with code."""
    text = title(
        "Coverage",
        "coverage_contracts.py",
        f"Lines and branches that the forge tests run (`make test-coverage`); every file has to reach "
        f"{GOAL_PER_CENT} % of both. A file without branches counts by its lines.",
    )
    total = Counts()
    rows = []
    for path, counts in sorted(files.items()):
        rows.append((f"`{path}`", *_row(counts)))
        for name in vars(total):
            setattr(total, name, getattr(total, name) + getattr(counts, name))
    rows.append(("**all**", *_row(total)))
    return text + table(["source", "lines", "run", "branches", "run"], rows)


def _row(counts: Counts) -> tuple[object, ...]:
    lines = permille(counts.lines_run, counts.lines)
    branches = permille(counts.branches_run, counts.branches)
    return counts.lines, lines, counts.branches, branches


if __name__ == "__main__":
    sys.exit(main())
