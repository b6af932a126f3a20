"""Speed of the event index on a dense chain, beside web3's decoded logs of the same chain in the same run.

    python bench/index_bench.py            prints the table and writes bench/results/index.md

A local chain is filled with batches of 500 token credits, thousands of events a block.  The product reads every event,
decodes it, and stores events, blocks, balances and cursor, range by range, with the sum of balances checked against the
supply after each; the reference only asks web3 for the decoded `Transfer` events of some of the same blocks and stores
nothing.  Rounds alternate; rates are medians, and the ratio is the median of the rounds' ratios.
"""

import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from gettone.chain.client import connect  # noqa: E402 - the root must be on the path first
from gettone.chain.contract import load_artifact  # noqa: E402 - as above
from gettone.chain.index.rpc import NodeRpc  # noqa: E402 - as above
from gettone.chain.local import CHAIN_ID, LocalChain  # noqa: E402 - as above
from gettone.db import schema  # noqa: E402 - as above
from gettone.db.engine import Database  # noqa: E402 - as above
from gettone.db.repositories.communities import Communities  # noqa: E402 - as above
from oracle.index.context import IndexContext  # noqa: E402 - as above
from oracle.index.job import run_index  # noqa: E402 - as above
from tests.factories.community import CHAIN_START_S, TestCommunity  # noqa: E402 - as above
from tests.factories.dense_chain import fill_densely  # noqa: E402 - as above
from tests.factories.deployed_community import deploy_test_community  # noqa: E402 - as above
from tests.factories.postgres_cluster import private_cluster  # noqa: E402 - as above

WALLETS = 5_000
EVENTS = 200_000
REFERENCE_BLOCKS = 5
ROUNDS = 3
GOAL_RATIO = 10
GOAL_EVENTS_A_SECOND = 30_000
REPORT = ROOT / "bench" / "results" / "index.md"


@contextmanager
def dense_community(folder: Path) -> Iterator[TestCommunity]:
    """A community whose last blocks are full of transfers."""
    with LocalChain.start(folder / "chain", timestamp_s=CHAIN_START_S) as chain:
        community = deploy_test_community(chain, connect(chain.rpc_url, CHAIN_ID), folder / "deployments")
        fill_densely(community, wallets=WALLETS, events=EVENTS)
        yield community


def new_index(url: str, community: TestCommunity) -> IndexContext:
    """An empty index in an empty database."""
    schema.upgrade(url)
    database = Database(url)
    with database.write() as connection:
        Communities(connection).get_or_create(community.spec.community_id, tz="Europe/Rome")
    return IndexContext(database, community.contracts)


def backfill_rate(url: str, community: TestCommunity) -> float:
    """The product: events a second from the first block to the head, everything stored."""
    context = new_index(url, community)
    started = time.perf_counter()
    report = run_index(context, community.spec.community_id)
    rate = report.events / (time.perf_counter() - started)
    assert report.unknown_count == 0
    assert report.events > EVENTS
    context.database.close()
    return rate


def web3_rate(community: TestCommunity) -> float:
    """The reference: decoded events a second of web3's own `get_logs`, of the last blocks."""
    contract = community.client.w3.eth.contract(
        address=community.contracts.token.address,
        abi=[_transfer_abi()],  # type: ignore[arg-type]
    )
    head = community.client.block_number()
    started = time.perf_counter()
    found = contract.events.Transfer().get_logs(from_block=head - REFERENCE_BLOCKS + 1, to_block=head)
    return len(found) / (time.perf_counter() - started)


def raw_rate(community: TestCommunity) -> float:
    """What the node and the wire allow: the same logs asked for raw and thrown away, a block at a time."""
    node, head = NodeRpc(community.client.rpc_url), community.client.block_number()
    started, count = time.perf_counter(), 0
    for number in range(head - 4 * REFERENCE_BLOCKS, head + 1):
        asked = {"address": community.contracts.token.address, "fromBlock": hex(number), "toBlock": hex(number)}
        count += len(node.ask("eth_getLogs", asked))
    return count / (time.perf_counter() - started)


def _transfer_abi() -> Any:
    return next(one for one in load_artifact("CommunityToken")["abi"] if one.get("name") == "Transfer")


def measure(folder: Path) -> dict[str, list[float]]:
    """Rates [events/s] of every side in alternating rounds."""
    rates: dict[str, list[float]] = {"postgresql": [], "sqlite": [], "web3": [], "raw": []}
    with private_cluster(folder) as server, dense_community(folder) as community:
        sides: dict[str, Callable[[int], float]] = {
            "postgresql": lambda n: backfill_rate(_new_database(server, n), community),
            "sqlite": lambda n: backfill_rate(f"sqlite:///{folder}/index{n}.sqlite", community),
            "web3": lambda _: web3_rate(community),
            "raw": lambda _: raw_rate(community),
        }
        for number in range(ROUNDS):
            for name, side in sides.items():
                rates[name].append(side(number))
    return rates


def _new_database(server: str, number: int) -> str:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE index_{number}".encode())
    return server.removesuffix("postgres") + f"index_{number}"


def report() -> tuple[str, bool]:
    """Run everything; the table, and whether the goal is met."""
    folder = Path(tempfile.mkdtemp(prefix="gettone-index-"))
    folder.chmod(0o755)
    try:
        rates = measure(folder)
    finally:
        shutil.rmtree(folder)
    medians = {name: statistics.median(found) for name, found in rates.items()}
    ratios = {
        name: statistics.median(one / other for one, other in zip(rates[name], rates["web3"], strict=True))
        for name in ("postgresql", "sqlite")
    }
    words = {
        "postgresql": "index into PostgreSQL, everything stored and checked",
        "sqlite": "index into SQLite, everything stored and checked",
        "web3": "web3 `get_logs`, decoded, nothing stored",
        "raw": "raw logs over the wire, nothing decoded or stored",
    }
    lines = [
        "# Backfill of the event index on a dense chain",
        "",
        f"`bench/index_bench.py`; {EVENTS:,} token credits to {WALLETS:,} wallets, 3,000 a block; node, database",
        f"and index on {os.cpu_count()} cores, load {os.getloadavg()[1]:.1f}.  {ROUNDS} alternating rounds, medians.",
        "",
        "| side | events/s | times web3 |",
        "|---|---|---|",
        *(f"| {text} | {medians[name]:,.0f} | {_times(ratios, name)} |" for name, text in words.items()),
        "",
        f"Goal: >= {GOAL_RATIO} times web3 in the same run, and {GOAL_EVENTS_A_SECOND:,} events/s into PostgreSQL",
        "where nothing else runs.",
        "",
    ]
    return "\n".join(lines), min(ratios.values()) >= GOAL_RATIO


def _times(ratios: dict[str, float], name: str) -> str:
    return f"**{ratios[name]:.1f}**" if name in ratios else "-"


if __name__ == "__main__":
    table, goal_is_met = report()
    REPORT.write_text(table, encoding="utf-8")
    print(table)
    sys.exit(0 if goal_is_met else 1)
