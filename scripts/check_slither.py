"""Run slither over the contracts and fail on every finding without a reason.

    python scripts/check_slither.py           writes docs/contracts/slither.md
    python scripts/check_slither.py --check   fails if the page is stale

Accepted findings stand with their reason in `docs/contracts/slither-accepted.toml`: a detector, and the functions
(`Contract.function`, `Contract` alone for what lies outside of functions) it may name, with `x2` behind a function
it names twice. A finding more or less than listed fails the run, so no entry outlives what it excuses.
"""

import json
import re
import sys
import tomllib
from collections import Counter
from typing import Any

from reports import forge
from reports.pages import PAGES, ROOT, check_argument, publish, table, title

SLITHER = ROOT / ".cache" / "slither-venv" / "bin" / "slither"
RESULT = ROOT / "build" / "slither" / "findings.json"
ACCEPTED = PAGES / "slither-accepted.toml"
TIME_LIMIT_S = 300

Finding = tuple[str, str]  # detector, place


def main() -> int:
    """Run, compare, and write or check the page; returns the exit status."""
    check = check_argument(__doc__)
    found, detectors = findings()
    reasons = accepted()
    problems = disagreements(found, reasons)
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:
        return 1
    return publish({PAGES / "slither.md": page(found, reasons, detectors)}, check, "check_slither")


def findings() -> tuple[Counter[Finding], dict[str, dict[str, str]]]:
    """How often each detector names each place, and the detectors that ran by name."""
    variables = forge.environment("slither")
    forge.build(["contracts"], variables, "--build-info", "--force", "--ast")
    RESULT.unlink(missing_ok=True)
    options = ["--compile-force-framework", "foundry", "--foundry-ignore-compile"]
    options += ["--foundry-out-directory", "build/slither", "--filter-paths", "node_modules|tests/", "--fail-none"]
    done = forge.run([SLITHER, ".", *options, "--json", str(RESULT)], variables, TIME_LIMIT_S)
    if not RESULT.exists():
        raise SystemExit(f"slither did not finish:\n{done.stderr[-3000:]}")
    document = json.loads(RESULT.read_text(encoding="utf-8"))
    if not document["success"]:
        raise SystemExit(f"slither failed: {document['error']}")
    found = Counter((entry["check"], place(entry)) for entry in document["results"].get("detectors", []))
    listed = forge.run([SLITHER, "--list-detectors-json"], variables, TIME_LIMIT_S)
    detectors = {entry["check"]: entry for entry in json.loads(listed.stdout)}
    require_all_ran(done.stderr, detectors)
    return found, detectors


def require_all_ran(log: str, detectors: dict[str, Any]) -> None:
    """Refuse a run with fewer detectors or without contracts, which would find nothing and pass."""
    analyzed = re.search(r"analyzed \((\d+) contracts with (\d+) detectors\)", log)
    if not analyzed or int(analyzed[1]) < 10 or int(analyzed[2]) < len(detectors):
        raise SystemExit(f"slither did not run all {len(detectors)} detectors over the contracts: {log[-300:]}")


def place(finding: dict[str, Any]) -> str:
    """`Contract.function` of a finding; a file's name for what is outside of contracts."""
    element = finding["elements"][0]
    while element["type"] not in ("function", "contract"):
        parent = element.get("type_specific_fields", {}).get("parent")
        if parent is None:
            return str(element["source_mapping"]["filename_relative"])
        element = parent
    if element["type"] == "contract":
        return str(element["name"])
    return f"{element['type_specific_fields']['parent']['name']}.{element['name']}"


def accepted() -> dict[Finding, tuple[int, str]]:
    """Accepted number and reason by detector and place."""
    entries: dict[Finding, tuple[int, str]] = {}
    for entry in tomllib.loads(ACCEPTED.read_text(encoding="utf-8"))["accepted"]:
        for text in entry["places"]:
            name, _, count = text.partition(" x")
            if (entry["detector"], name) in entries:
                raise SystemExit(f"{ACCEPTED.name} lists {entry['detector']} in {name} twice")
            entries[entry["detector"], name] = (int(count or 1), " ".join(entry["reason"].split()))
    return entries


def disagreements(found: Counter[Finding], reasons: dict[Finding, tuple[int, str]]) -> list[str]:
    """One sentence for every finding that is not accepted and every accepted one that is not found."""
    problems = []
    for detector, name in sorted(found.keys() | reasons.keys()):
        count, limit = found[detector, name], reasons.get((detector, name), (0, ""))[0]
        if count != limit:
            problems.append(f"slither: {detector} in {name}: {count} found, {limit} accepted in {ACCEPTED.name}")
    return problems


def page(found: Counter[Finding], reasons: dict[Finding, tuple[int, str]], detectors: dict[str, Any]) -> str:
    """The page: findings with their reasons, then every detector that ran."""
    text = title(
        "Static analysis",
        "check_slither.py",
        f"slither runs its {len(detectors)} detectors over `contracts/` (`make test-slither`). A finding that is not "
        "listed here with its reason fails the run, and so does an entry that finds nothing any more.",
    )
    text += f"## Accepted findings: {found.total()}\n\n"
    by_reason: dict[tuple[str, str], list[str]] = {}
    for (detector, name), (count, reason) in sorted(reasons.items()):
        by_reason.setdefault((detector, reason), []).append(f"`{name}`" + (f", {count} times" if count > 1 else ""))
    rows = [
        (f"`{detector}`", detectors[detector]["impact"], ", ".join(names), reason)
        for (detector, reason), names in by_reason.items()
    ]
    text += table(["detector", "impact", "where", "why it is accepted"], rows)
    text += "## Detectors that ran\n\n"
    counts = Counter(detector for detector, _ in found.elements())
    order = {"High": 0, "Medium": 1, "Low": 2, "Informational": 3, "Optimization": 4}
    ranked = sorted(detectors.values(), key=lambda entry: (order[entry["impact"]], entry["check"]))
    rows = [(f"`{entry['check']}`", entry["impact"], entry["title"], counts[entry["check"]]) for entry in ranked]
    return text + table(["detector", "impact", "looks for", "findings"], rows)


if __name__ == "__main__":
    sys.exit(main())
