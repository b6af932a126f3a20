"""Plant bugs in the money core, one at a time, and see whether the forge tests find them.

    python scripts/mutate_contracts.py --sample 20 --seed 7   twenty mutants of each group, nothing is written
    python scripts/mutate_contracts.py --full --write         all, writes docs/contracts/mutation.md

Fails if a mutant survives without a reason in `docs/contracts/mutation-survivors.toml` or fewer than 90 % are killed.
Verdicts are kept below `build/mutation`, so a run that was stopped, also by `--minutes`, goes on where it was.
"""

import argparse
import random
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

from mutation import operators, report
from mutation.journal import Journal, key
from mutation.operators import Mutant
from mutation.workshop import Verdict, Workshop
from reports.pages import PAGES, ROOT, publish

# Contract, folder of its parts, test files that are tried first.
GROUPS = {
    "token": ("CommunityToken", "token", "{CommunityToken,TokenFees,MutantsToken}*"),
    "ledger": ("SettlementLedger", "settlement", "{Settlement,OracleQuorum,MutantsLedger}*"),
    "exchange": ("ServiceExchange", "exchange", "{ServiceExchange,Exchange,MutantsExchange}*"),
    "treasury": ("Treasury", "treasury", "{Treasury,MutantsTreasury}*"),
}
GOAL_PERMILLE = 900


def main() -> int:
    """Choose, judge, report; returns the exit status."""
    options = arguments()
    groups = {name: files(name) for name in options.group or GROUPS}
    contracts = [GROUPS[name][0] for name in groups]
    shops = [Workshop.prepare(str(number), contracts) for number in range(options.workers)]
    root = shops[0].folder
    chosen = {name: choose(root, paths, options) for name, paths in groups.items()}
    journal = Journal(ROOT / "build" / "mutation", root)
    judge_all(shops, chosen, journal, time.monotonic() + options.minutes * 60)
    judged = {m: journal.verdicts[key(m)] for some in chosen.values() for m in some if key(m) in journal.verdicts}
    left = sum(map(len, chosen.values())) - len(judged)
    if options.write:
        text = report.page(root, groups, judged, extent(root, groups, len(judged), options), journal.state)
        publish({PAGES / "mutation.md": text}, check=False, script="mutate_contracts")
    return conclude(root, judged, left, options.full)


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--full", action="store_true", help="every mutant")
    parser.add_argument("--write", action="store_true", help="write the page, also of a sample")
    parser.add_argument("--sample", type=int, default=10, help="mutants of each group, 10 unless told otherwise")
    parser.add_argument("--seed", type=int, default=1981, help="what the sample is drawn with")
    parser.add_argument("--group", action="append", choices=sorted(GROUPS), help="only this one; may be repeated")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--minutes", type=int, default=300, help="stop starting mutants after this time")
    return parser.parse_args()


def extent(root: Path, groups: dict[str, list[str]], judged: int, options: argparse.Namespace) -> str:
    """In words, how many of all mutants were judged."""
    every = sum(len(operators.mutants(root, path)) for paths in groups.values() for path in paths)
    drawn = "" if options.full else f", drawn with seed {options.seed}"
    return f"{judged} of {every} mutants were run{drawn}"


def files(group: str) -> list[str]:
    """Sources of a group, relative to the checkout."""
    contract, folder, _ = GROUPS[group]
    parts = sorted((ROOT / "contracts" / folder).glob("*.sol"))
    return [str(path.relative_to(ROOT)) for path in (ROOT / "contracts" / f"{contract}.sol", *parts)]


def choose(root: Path, paths: list[str], options: argparse.Namespace) -> list[Mutant]:
    """All mutants of some files, or a sample of them in the order drawn, so that a part of it is a sample too."""
    every = [mutant for path in paths for mutant in operators.mutants(root, path)]
    if options.full or options.sample >= len(every):
        return every
    picked = random.Random(options.seed).sample(range(len(every)), options.sample)  # noqa: S311 - a draw, no secret
    return [every[index] for index in picked]


def judge_all(shops: list[Workshop], chosen: dict[str, list[Mutant]], journal: Journal, until_s: float) -> None:
    """Judge what has no verdict yet, each mutant in a free workshop, until the time is over."""
    free: SimpleQueue[Workshop] = SimpleQueue()
    for shop in shops:
        free.put(shop)

    def judge(mutant: Mutant, group: str) -> None:
        if key(mutant) in journal.verdicts or time.monotonic() > until_s:
            return
        contract, _, first_tests = GROUPS[group]
        shop = free.get()
        try:
            journal.add(mutant, shop.judge(mutant, contract, f"tests/forge/{first_tests}.t.sol"))
        finally:
            free.put(shop)

    with ThreadPoolExecutor(len(shops)) as pool:
        # One of each group in turn, so that a run that is stopped has judged something of each.
        turns = sorted((number, name) for name, some in chosen.items() for number in range(len(some)))
        jobs = [pool.submit(judge, chosen[name][number], name) for number, name in turns]
        for job in jobs:
            job.result()


def conclude(root: Path, judged: report.Judged, left: int, is_full: bool) -> int:
    """Print what survived and what is wrong with it; 0 if every survivor has its reason and enough were killed."""
    known = report.reasons()
    alive = {report.identity(root, m) for m, v in judged.items() if v in (Verdict.SURVIVED, Verdict.TIMED_OUT)}
    for path, function, was, becomes in sorted(alive - known.keys()):
        print(f"survived without a reason: {path} {function}\n  - {was}\n  + {becomes}")
    stale = sorted(known.keys() - alive) if is_full and not left else []
    for path, function, was, becomes in stale:
        print(f"does not survive, its reason has to go: {path} {function}\n  - {was}\n  + {becomes}")
    killed = report.killed_permille(judged.values())
    print(f"{len(judged)} mutants judged, {left} left, {killed / 10:.1f} % killed, {len(alive)} alive")
    return int(bool(alive - known.keys() or stale or left or killed < GOAL_PERMILLE))


if __name__ == "__main__":
    sys.exit(main())
