"""Parts of a long run, each with its last result kept in a file, and the page that shows them."""

import argparse
import json
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reports.pages import ROOT, publish, table, title

Row = list[str]
Part = Callable[[], tuple[list[Row], bool]]  # its rows, and whether it passed


@dataclass(frozen=True, slots=True)
class KeptRuns:
    """A script of several parts, its results (`<page>.json` beside `<page>.md`), and how its page begins."""

    script: str
    page: Path
    heading: str
    introduction: str
    columns: Sequence[str]
    parts: Mapping[str, Part]

    def main(self, description: str | None) -> int:
        """Run the parts asked for and write the page; returns the exit status."""
        parser = argparse.ArgumentParser(description=(description or "").split("\n", 1)[0])
        parser.add_argument(
            "parts", nargs="*", choices=[*self.parts, []], help="which parts, all unless told otherwise"
        )
        parser.add_argument("--check", action="store_true", help="only compare the page with the kept results")
        options = parser.parse_args()
        failed = False
        for part in () if options.check else options.parts or self.parts:
            rows, passed = self.parts[part]()
            print(f"{part}: {'passed' if passed else 'FAILED'}", *(" | ".join(row) for row in rows), sep="\n  ")
            failed |= not passed
            self._keep(part, {"commit": _commit(), "passed": passed, "rows": rows})
        return publish({self.page: self._text()}, options.check, self.script) or int(failed)

    def _keep(self, part: str, result: dict[str, Any]) -> None:
        # Read again for each part, so that two runs of different parts keep each other's results.
        kept = json.dumps(self._kept() | {part: result}, indent=1, sort_keys=True)
        self._results.write_text(kept + "\n", encoding="utf-8")

    @property
    def _results(self) -> Path:
        return self.page.with_suffix(".json")

    def _kept(self) -> dict[str, Any]:
        kept: dict[str, Any] = json.loads(self._results.read_text(encoding="utf-8")) if self._results.exists() else {}
        return kept

    def _text(self) -> str:
        kept = self._kept()
        rows = [
            (part, *row, "passed" if kept[part]["passed"] else "**failed**", kept[part]["commit"])
            for part in self.parts
            if part in kept
            for row in kept[part]["rows"]
        ]
        head = title(self.heading, f"{self.script}.py", self.introduction)
        return head + table(["part", *self.columns, "", "commit"], rows)


def _commit() -> str:
    """Date and number of the commit that the sources are at."""
    command = ["git", "log", "-1", "--format=%cs %h"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
