"""The page of a mutation run, and the survivors that have a reason."""

import tomllib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from reports.pages import PAGES, permille, table, title

from mutation.operators import Mutant
from mutation.workshop import Verdict

REASONS = PAGES / "mutation-survivors.toml"
Judged = dict[Mutant, Verdict]
Identity = tuple[str, str, str, str]  # file, function, line, line with the bug


def identity(root: Path, mutant: Mutant) -> Identity:
    """What names a mutant as long as its line stays what it is."""
    return mutant.path, mutant.function, *mutant.describe((root / mutant.path).read_text(encoding="utf-8"))


def reasons() -> dict[Identity, str]:
    """Reasons of the survivors that are accepted."""
    entries = tomllib.loads(REASONS.read_text(encoding="utf-8"))["survivor"] if REASONS.exists() else []
    return {
        (entry["file"], entry["function"], entry["was"], entry["becomes"]): " ".join(entry["reason"].split())
        for entry in entries
    }


def killed_permille(verdicts: Iterable[Verdict]) -> int:
    """Killed mutants of those that compile, rounded down; one that takes too long does not count as killed."""
    counts = Counter(verdicts)
    valid = counts.total() - counts[Verdict.INVALID]
    return counts[Verdict.KILLED] * 1000 // valid if valid else 0


def page(root: Path, groups: dict[str, list[str]], judged: Judged, extent: str, digest: str) -> str:
    """Result by group and file, then every mutant that was not killed."""
    text = title(
        "Mutation run",
        "mutate_contracts.py",
        f"Bugs planted one at a time in the money core, each run against the forge tests. {extent}. Mutants that do "
        "not compile do not count; one that takes too long counts as not killed. Sources and tests of this run: "
        f"SHA-256 `{digest}`.",
    )
    rows = []
    for group, paths in groups.items():
        rows.append((f"**{group}**", *_counts([v for m, v in judged.items() if m.path in paths])))
        rows += [(f"`{path}`", *_counts([v for m, v in judged.items() if m.path == path])) for path in paths]
    text += table(["what", "mutants", "killed", "survived", "took too long", "killed of all"], rows)
    by_operator = {mutant.operator for mutant in judged}
    rows = [(name, *_counts([v for m, v in judged.items() if m.operator == name])) for name in sorted(by_operator)]
    text += table(["operator", "mutants", "killed", "survived", "took too long", "killed of all"], rows)
    return text + "## Not killed\n\n" + _survivors(root, judged)


def _survivors(root: Path, judged: Judged) -> str:
    known, rows = reasons(), []
    for mutant, verdict in judged.items():
        if verdict in (Verdict.SURVIVED, Verdict.TIMED_OUT):
            path, function, was, becomes = identity(root, mutant)
            reason = known.get((path, function, was, becomes), "**none yet**")
            rows.append((f"`{path}`", f"`{function}`", f"`{was}`", f"`{becomes}`", reason))
    return (
        table(["file", "function", "line", "with the bug", "why no test can or need see it"], rows)
        if rows
        else "None.\n"
    )


def _counts(verdicts: list[Verdict]) -> tuple[int, int, int, int, str]:
    counts = Counter(verdicts)
    valid = len(verdicts) - counts[Verdict.INVALID]
    killed = counts[Verdict.KILLED]
    return valid, killed, counts[Verdict.SURVIVED], counts[Verdict.TIMED_OUT], permille(killed, valid)
