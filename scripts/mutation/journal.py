"""Verdicts as they come, kept below `build/mutation`, so that a run that was stopped goes on where it was.

A verdict holds for the contracts and tests it was found with.  That a test finds a bug stays true when tests are only
added; that no test finds it, or takes too long, does not.
"""

import hashlib
import json
from pathlib import Path
from threading import Lock

from mutation.operators import Mutant
from mutation.workshop import Verdict

LASTING = (Verdict.KILLED, Verdict.INVALID)
Manifest = dict[str, str]  # path: SHA-256


class Journal:
    """Verdicts of one state of the contracts, with the tests that each was found with."""

    def __init__(self, folder: Path, checkout: Path) -> None:
        contracts, tests = (manifest(checkout, part) for part in ("contracts", "tests/forge"))
        self._path, self._lock = folder / f"verdicts-{digest(contracts)[:16]}.jsonl", Lock()
        self._tests, self.state = digest(tests), digest(contracts | tests)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"tests-{self._tests}.json").write_text(json.dumps(tests, indent=1), encoding="utf-8")
        self.verdicts = {
            name: Verdict(verdict) for name, verdict, found in self._lines() if self._holds(verdict, found)
        }

    def add(self, mutant: Mutant, verdict: Verdict) -> None:
        """Keep one verdict."""
        with self._lock, self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps([key(mutant), verdict, self._tests]) + "\n")
            self.verdicts[key(mutant)] = verdict

    def _lines(self) -> list[list[str]]:
        return list(map(json.loads, self._path.read_text(encoding="utf-8").splitlines())) if self._path.exists() else []

    def _holds(self, verdict: str, found_with: str) -> bool:
        if found_with == self._tests:
            return True
        then = json.loads((self._path.parent / f"tests-{found_with}.json").read_text(encoding="utf-8"))
        now = json.loads((self._path.parent / f"tests-{self._tests}.json").read_text(encoding="utf-8"))
        return verdict in LASTING and all(now.get(path) == content for path, content in then.items())


def manifest(checkout: Path, part: str) -> Manifest:
    """Digest of each file below a folder of a checkout."""
    files = sorted((checkout / part).rglob("*.*"))
    return {str(path.relative_to(checkout)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def digest(files: Manifest) -> str:
    """One digest for all of them."""
    return hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()


def key(mutant: Mutant) -> str:
    """Name of a mutant within one state of the contracts."""
    return f"{mutant.path}:{mutant.start}:{mutant.end}:{mutant.replacement}"
