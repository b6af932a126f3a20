"""Outbox throughput beside the bare submission of the same pre-signed transactions in JSON-RPC batches.

Both sides bring as many equal transactions on one chain with blocks of a second and wait for the last one.  The bare
side has them signed before its clock starts and keeps nothing; the outbox prepares, signs, stores each step in a
database and reads every receipt.  Rounds alternate; ratios are medians of the rounds' ratios.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from gettone.chain.batches import ask_all
from gettone.chain.client import ChainClient, connect
from gettone.chain.local import CHAIN_ID, LocalChain
from gettone.chain.outbox.legacy import signed_row
from gettone.chain.outbox.pace import Pace
from gettone.chain.stored_transaction import StoredTransaction
from gettone.chain.transactions import Sender
from gettone.db import schema
from gettone.db.engine import Database
from gettone.db.repositories.transactions import DatabaseTransactionStore
from tests.factories.community import CHAIN_START_S, throwaway_account
from tests.factories.counting_contract import CALL_GAS, deploy_counter, effects

TRANSACTIONS, ROUNDS, WINDOW = 2_000, 3, 500
BLOCK_S = 1
GAS_LIMIT = 1_000_000_000
GOAL = 0.5
REPORT = Path(__file__).parent / "results" / "outbox.md"
# Polled as often as the outbox does, and sent in batches of its window.
PACE = Pace(timeout_s=120, poll_s=0.05, rebroadcast_s=15, window=WINDOW)


def presigned(counter: str, key: str) -> list[bytes]:
    """The transactions of a round, signed."""
    signer = throwaway_account(key)
    rows = []
    for nonce, planned in enumerate(effects(counter, names_of(key))):
        row = StoredTransaction(planned.intent, signer.address, counter, planned.call.data, CALL_GAS)
        rows.append(signed_row(row, signer, CHAIN_ID, nonce, 0).signed[1])
    return rows


def names_of(key: str) -> list[str]:
    """Names of the effects of a round."""
    return [f"{key} {number}" for number in range(TRANSACTIONS)]


def bare(client: ChainClient, raws: list[bytes], key: str) -> None:
    """Submit in batches, never more than the window ahead, and wait until all are mined."""
    address = throwaway_account(key).address
    sent = 0
    while (mined := client.nonce(address)) < TRANSACTIONS:
        part = raws[sent : mined + WINDOW]
        answers = ask_all(client.w3, [("eth_sendRawTransaction", ["0x" + raw.hex()]) for raw in part])
        assert not [one for one in answers if one.meaning is not None], "the node must take all of them"
        sent += len(part)
        time.sleep(PACE.poll_s)


def outbox(client: ChainClient, database: Database, counter: str, key: str) -> None:
    """The product: from calls to receipts."""
    store = DatabaseTransactionStore(database, client.genesis_hash)
    receipts = Sender(client, throwaway_account(key), store, PACE).send_all(effects(counter, names_of(key)))
    assert len(receipts) == TRANSACTIONS


def seconds(work: Callable[[], object]) -> float:
    """Time [s] of one round."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def measure() -> list[tuple[float, float]]:
    """Rounds [s] of the product and of the reference, each with new keys."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/outbox.sqlite"
        schema.upgrade(url)
        database = Database(url)
        with LocalChain.start(Path(folder) / "chain", timestamp_s=CHAIN_START_S, gas_limit=GAS_LIMIT) as chain:
            client = connect(chain.rpc_url, CHAIN_ID)
            counter = deploy_counter(client)
            chain._rpc("evm_setIntervalMining", BLOCK_S)
            rounds = []
            for number in range(ROUNDS):
                raws = presigned(counter, f"bare {number}")
                product = seconds(lambda one=number: outbox(client, database, counter, f"outbox {one}"))
                reference = seconds(lambda one=number, all_of=raws: bare(client, all_of, f"bare {one}"))
                rounds.append((product, reference))
        database.close()
    return rounds


def report() -> tuple[str, bool]:
    """Run everything; the table, and whether the goal is met."""
    rounds = measure()
    product, reference = (statistics.median(one) for one in zip(*rounds, strict=True))
    ratios = [bare_s / outbox_s for outbox_s, bare_s in rounds]
    ratio = statistics.median(ratios)
    spread = f"{min(ratios):.2f} to {max(ratios):.2f}"
    outbox_side = f"{TRANSACTIONS / product:,.0f}/s: prepared, signed, stored, sent, mined, final"
    bare_side = f"{TRANSACTIONS / reference:,.0f}/s: pre-signed, in JSON-RPC batches, until mined"
    lines = [
        "# Transactions through the outbox",
        "",
        f"`bench/outbox_bench.py`; {TRANSACTIONS:,} transactions of one key, {WINDOW} in flight at most, SQLite,",
        f"blocks of {BLOCK_S} s.  {ROUNDS} alternating rounds, medians; ratios of the rounds {spread}.",
        "",
        "| what | product | reference | ratio | goal |",
        "|---|---|---|---|---|",
        f"| throughput | {outbox_side} | {bare_side} | **{ratio:.2f}** | >= {GOAL} |",
        "",
    ]
    return "\n".join(lines), ratio >= GOAL


if __name__ == "__main__":
    text, goal_is_met = report()
    REPORT.write_text(text, encoding="utf-8")
    print(text)
    sys.exit(0 if goal_is_met else 1)
