"""Prove properties of the contracts with halmos and fail on every one that is not proved.

    python scripts/check_halmos.py           proves those of the ordinary run, writes docs/contracts/proofs.md
    python scripts/check_halmos.py --check   fails if the page is stale
    python scripts/check_halmos.py --long    proves those of the contracts `…Long` too, writes nothing

The properties are the `check_` functions of `tests/halmos`; the sentence above each is what the page says.
"""

import argparse
import json
import re
import sys
from pathlib import Path

from reports import forge
from reports.pages import PAGES, ROOT, publish, table, title

PYTHON = ROOT / ".cache" / "halmos-venv" / "bin" / "python"
HALMOS = ROOT / "scripts" / "reports" / "run_halmos.py"
PROOFS = ROOT / "tests" / "halmos"
RESULT = ROOT / "build" / "halmos" / "proofs.json"
LOOP_ROUNDS = 5
TIME_LIMIT_S = {"ordinary": 600, "long": 7200}
SOLVER_LIMIT_S = {"ordinary": 60, "long": 1200}

_CHECK = re.compile(r"((?:^ *///[^\n]*\n)*)^ *function (check_\w+)\(", re.M)


def main() -> int:
    """Prove, compare with the sources, write or check the page; returns the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--check", action="store_true", help="write nothing, fail if the page is stale")
    parser.add_argument("--long", action="store_true", help="also those with larger bounds")
    options = parser.parse_args()
    claims = {name: text for name, text in claimed().items() if options.long or not name[0].endswith("Long")}
    problems = disagreements(claims, proved("long" if options.long else "ordinary"))
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"{len(claims) - len(problems)} of {len(claims)} properties proved")
    if problems or options.long:
        return int(bool(problems))
    return publish({PAGES / "proofs.md": page(claims)}, options.check, "check_halmos")


def claimed() -> dict[tuple[str, str], str]:
    """The sentences of all properties by contract and function."""
    claims = {}
    for path in sorted(PROOFS.glob("*.t.sol")):
        text = path.read_text(encoding="utf-8")
        for comment, function in _CHECK.findall(text):
            claims[path.name.removesuffix(".t.sol"), function] = " ".join(comment.replace("///", " ").split())
    return claims


def proved(run: str) -> dict[tuple[str, str], str]:
    """What halmos says of each property, by contract and function: `proved` or why not."""
    # halmos knows no linking at run time.
    variables = forge.environment("halmos", FOUNDRY_TEST="tests/halmos", FOUNDRY_DYNAMIC_TEST_LINKING="false")
    RESULT.unlink(missing_ok=True)
    options = ["--root", str(ROOT), "--forge-build-out", "build/halmos", "--no-status", "--loop", str(LOOP_ROUNDS)]
    options += ["--solver-timeout-assertion", f"{SOLVER_LIMIT_S[run]}s", "--json-output", str(RESULT)]
    if run == "ordinary":
        options += ["--match-contract", "^(?!.*Long$)"]
    done = forge.run([PYTHON, HALMOS, *options], variables, TIME_LIMIT_S[run])
    if not RESULT.exists():
        raise SystemExit(f"halmos did not finish:\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
    results = json.loads(RESULT.read_text(encoding="utf-8"))["test_results"]
    found = {
        (suite.rpartition(":")[2], test["name"].partition("(")[0]): _words(test)
        for suite, tests in results.items()
        for test in tests
    }
    if any(word != "proved" for word in found.values()):
        print(done.stdout[-6000:], file=sys.stderr)
    return found


def disagreements(claims: dict[tuple[str, str], str], found: dict[tuple[str, str], str]) -> list[str]:
    """One sentence for each property that is not proved, has no sentence of its own, or is unknown."""
    problems = []
    for contract, function in sorted(claims.keys() | found.keys()):
        word = found.get((contract, function), "was not run")
        if word != "proved":
            problems.append(f"halmos: {contract}.{function} {word}")
        elif not claims.get((contract, function)):
            problems.append(f"halmos: {contract}.{function} does not say what it proves")
    return problems


def page(claims: dict[tuple[str, str], str]) -> str:
    """What is proved, and within which bounds."""
    text = title(
        "Symbolic proofs",
        "check_halmos.py",
        "halmos runs the deployed bytecode with every argument left open and asks a solver for a counterexample "
        f"(`make test-halmos`). Each property below holds on all paths with at most {LOOP_ROUNDS} rounds of a loop; a "
        "property that the solver does not decide in time fails the run. The contracts are the real ones; what is cut "
        "away, roles above all, is said in `tests/halmos`. I1 to I14 are the invariants of the specification.",
    )
    for contract in sorted({name for name, _ in claims}):
        text += f"## {contract}\n\n{_about(PROOFS / f'{contract}.t.sol')}\n\n"
        rows = [(f"`{function}`", sentence) for (name, function), sentence in claims.items() if name == contract]
        text += table(["property", "what is proved"], rows)
    return text


def _about(path: Path) -> str:
    """The comment above the contract of a file of proofs."""
    contract = path.name.removesuffix(".t.sol")
    found = re.search(rf"((?:^///[^\n]*\n)+)contract {contract} ", path.read_text(encoding="utf-8"), re.M)
    return " ".join(found[1].replace("///", " ").replace("@dev", " ").split()) if found else ""


def _words(test: dict[str, int]) -> str:
    if test["exitcode"] == 0 and not test.get("num_bounded_loops"):
        return "proved"
    return "has a counterexample" if test.get("num_models") else f"was not decided (status {test['exitcode']})"


if __name__ == "__main__":
    sys.exit(main())
