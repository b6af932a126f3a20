"""Server time of a page of 100 lines of a statement with 10,000 entries, first page and deepest, on both databases.

    python bench/statement_bench.py        prints the table and writes bench/results/statement.md

A member of a synthetic community is given 10,000 entries (rewards, transfers with fees) through the code that the
indexer runs.  Each request goes through the whole application in this process: token check, grants, query, JSON.  No
network is in the figure; it is the time from the call to the last byte of the answer.
"""

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from gettone.db import schema  # noqa: E402 - the root must be on the path first
from tests.factories.api_world import HERE, World, close_world, open_world  # noqa: E402 - as above
from tests.factories.postgres_cluster import private_cluster  # noqa: E402 - as above
from tests.factories.told_chain import (  # noqa: E402 - as above
    TREASURY,
    Told,
    chunk_paid,
    fee,
    founded,
    joined,
    opened,
    tell,
    transfer,
    wallet_of,
)

ENTRIES, PAGE, CALLS = 10_000, 100, 200
GOAL_MS = 20
NOBODY = "0x" + "00" * 20
REPORT = ROOT / "bench" / "results" / "statement.md"
GIVER, TAKER = wallet_of(1), wallet_of(2)


def filled(url: str, folder: Path) -> World:
    """A world whose member has 10,000 entries."""
    schema.upgrade(url)
    world = open_world(url, folder)
    members = [world.member_ids[f"{role} {HERE}"] for role in ("MB", "VF")]
    told = [founded(), joined(members[0], GIVER), joined(members[1], TAKER)]
    told += [[opened(number, 0, 1)] for number in range(ENTRIES // 20)]
    tell(world.database, world.community_ids[HERE], *told, *(_transaction(n) for n in range(ENTRIES)))
    return world


def _transaction(number: int) -> list[Told]:
    if number % 20 == 0:
        return [transfer(NOBODY, GIVER, 10**6), chunk_paid(number // 20, 0)]
    return [transfer(GIVER, TAKER, 95), transfer(GIVER, TREASURY, 5), fee(GIVER, TAKER, 100, 5)]


def times_ms(world: World) -> dict[str, list[float]]:
    """Milliseconds of each call: first pages, and the last ones of the whole statement."""
    path = f"/api/v1/communities/{HERE}/members/{world.member_ids[f'MB {HERE}']}/statement"
    page, cursor = world.call("GET", path, "MB").json(), None
    while page["next"] is not None:
        cursor = page["next"]
        page = world.call("GET", path, "MB", params={"cursor": cursor, "limit": 1000}).json()
    found: dict[str, list[float]] = {"first": [], "last": []}
    for _ in range(CALLS):
        for name, query in (("first", {}), ("last", {"cursor": cursor, "limit": PAGE})):
            world.now_ms += 60_000
            started = time.perf_counter()
            answer = world.call("GET", path, "MB", params=query)
            found[name].append((time.perf_counter() - started) * 1000)
            assert len(answer.json()["items"]) == PAGE
    return found


def main() -> int:
    """Measure, print, write; 1 when a median is above the goal."""
    folder = Path(tempfile.mkdtemp(prefix="gettone-statement-"))
    folder.chmod(0o755)
    lines, worst = [], 0.0
    with private_cluster(folder) as server:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute("CREATE DATABASE statement")
        urls = {
            "PostgreSQL": server.removesuffix("postgres") + "statement",
            "SQLite": f"sqlite:///{folder}/statement.sqlite",
        }
        for name, url in urls.items():
            world = filled(url, folder)
            for page, found in times_ms(world).items():
                median, p99 = statistics.median(found), statistics.quantiles(found, n=100)[98]
                worst = max(worst, median)
                lines.append(f"| {name} | {page} | {median:.1f} | {p99:.1f} |")
            close_world(world)
    table = "\n".join(["| database | page | median ms | p99 ms |", "|---|---|---|---|", *lines])
    print(table)
    REPORT.write_text(
        "# A page of 100 lines of a statement with 10,000 entries\n\n"
        f"`bench/statement_bench.py`; {CALLS} calls each through the whole application in one process, token check\n"
        f"included, no network; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores.\n\n{table}\n\n"
        f"Goal: <= {GOAL_MS} ms of server time for the first page, where nothing else runs.\n"
    )
    return int(worst > GOAL_MS)


if __name__ == "__main__":
    sys.exit(main())
