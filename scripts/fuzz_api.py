"""Call every operation of the API many times as its description allows, and keep what happened in docs/api/fuzzing.md.

python scripts/fuzz_api.py             both databases, all roles: half an hour
python scripts/fuzz_api.py sqlite      only this one; the other lines stay as they were
python scripts/fuzz_api.py --check     runs nothing, fails if the page is stale
"""

import sys
import tempfile
from pathlib import Path

from reports.kept_runs import KeptRuns, Part, Row
from reports.pages import ROOT

from gettone.db import schema
from tests.factories.api_world import ROLES, close_world, open_world
from tests.factories.described_api import failure_of, operations
from tests.factories.postgres_cluster import private_cluster

EXAMPLES = 40


def on_sqlite() -> tuple[list[Row], bool]:
    """On the embedded database."""
    with tempfile.TemporaryDirectory() as folder:
        return _fuzz(f"sqlite:///{folder}/fuzz.sqlite", Path(folder))


def on_postgresql() -> tuple[list[Row], bool]:
    """On a PostgreSQL of our own."""
    with tempfile.TemporaryDirectory(prefix="gettone-pg-") as folder:
        Path(folder).chmod(0o755)
        with private_cluster(Path(folder)) as url:
            return _fuzz(url, Path(folder))


def _fuzz(url: str, folder: Path) -> tuple[list[Row], bool]:
    schema.upgrade(url)
    world = open_world(url, folder)
    described, wrong = list(operations(world)), []
    for number, one in enumerate(described, start=1):
        for role in (role for role in ROLES if role != "DV"):
            failure = failure_of(one, world.token(role), EXAMPLES)
            if failure is not None:
                wrong.append(f"{one.method.upper()} {one.path} as {role}: {failure}")
        print(f"{number} of {len(described)} operations, {len(wrong)} wrong", file=sys.stderr)
    close_world(world)
    print(*wrong, sep="\n", file=sys.stderr)
    calls = len(described) * (len(ROLES) - 1) * EXAMPLES
    return [["operations called by every role", f"{len(described)}, {calls:,} calls", f"{len(wrong)} wrong"]], not wrong


PARTS: dict[str, Part] = {"sqlite": on_sqlite, "postgresql": on_postgresql}

RUNS = KeptRuns(
    "fuzz_api",
    ROOT / "docs" / "api" / "fuzzing.md",
    "Fuzzing of the API",
    "Every operation called as its description allows: no call may end in a defect of the server or in an answer "
    "that is not described.  A short version runs with every `make test`.",
    ["what", "how often", "what happened"],
    PARTS,
)

if __name__ == "__main__":
    sys.exit(RUNS.main(__doc__))
