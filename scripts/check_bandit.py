"""Run bandit over the product, and fail on every finding that nobody explained.

    python scripts/check_bandit.py

A finding is explained where its line, a line of the same statement, or the head of its file carries the `noqa` of
ruff's rule of the same number (B608 is S608), with a reason behind it.  Asserts are explained by the rule that they
only tell the type checker what the code before them made sure of.
"""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("gettone", "oracle", "api", "cli")
# The stand-alone verifier is generated from files that are checked themselves.
GENERATED = ("gettone/notary/verify_bundle/verify.py",)
# Importing a module is no use of it: what is dangerous in one is found where it is called.
IMPORTS = ("B404", "B405", "B406")
# It takes each word beside a name like password or token for a secret; ruff's S105 looks at the same more closely.
WORDS = ("B105",)


def main() -> int:
    """Run bandit; returns the exit status."""
    command = [sys.executable, "-m", "bandit", "-q", "-f", "json", "-r", *PACKAGES]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    found = json.loads(done.stdout)["results"]
    unexplained = [one for one in found if not is_explained(one)]
    for one in unexplained:
        print(f"{one['filename']}:{one['line_number']}: {one['test_id']} {one['issue_text']}")
    print(f"bandit: {len(found)} findings, {len(unexplained)} without a reason")
    return 1 if unexplained else 0


def is_explained(finding: dict[str, Any]) -> bool:
    """Whether the source says why a finding is none."""
    name, rule = finding["filename"].removeprefix("./"), finding["test_id"]
    if rule in IMPORTS + WORDS or name in GENERATED:
        return True
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    numbers = {finding["line_number"], *finding["line_range"]}
    near = [lines[number - 1] for number in range(min(numbers), min(max(numbers) + 2, len(lines) + 1))]
    reason = re.compile(rf"noqa: [A-Z0-9, ]*\bS{rule.removeprefix('B')}\b.*\w")
    return any(reason.search(line) for line in (*near, *lines[:5]))


if __name__ == "__main__":
    sys.exit(main())
