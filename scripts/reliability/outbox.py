"""The outbox between a lying node and a lost database: the parts of the long run that are about transactions.

Each part returns rows of (what was injected, how often, what happened) and whether all is as it must be.
"""

import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from gettone.chain.client import ChainClient, connect
from gettone.chain.local import CHAIN_ID, LocalChain
from gettone.chain.outbox.pace import Pace
from gettone.chain.transactions import Sender
from gettone.db import schema
from gettone.db.engine import Database
from gettone.db.repositories.transactions import DatabaseTransactionStore
from gettone.errors import Conflict
from tests.factories.community import CHAIN_START_S, throwaway_account
from tests.factories.counting_contract import HASTY, counts, deploy_counter, effects
from tests.factories.interrupted_chain import leave_pending, reconnected, restart, resume_later, set_mining
from tests.factories.outbox_faults import EFFECTS, Outcome, run_seed
from tests.factories.outbox_process import run_two

Result = tuple[list[list[str]], bool]

SEEDS = 1_000
WORKERS = 4
JOBS = 1_000
RESTARTS = 20
HALT_S = 180
REVERTS = 20
DEPTH = 5


@dataclass(frozen=True)
class Stage:
    """A chain with a counting contract, and a database."""

    chain: LocalChain
    client: ChainClient
    counter: str
    database: Database
    url: str

    @property
    def store(self) -> DatabaseTransactionStore:
        """The outbox of this chain in the database."""
        return DatabaseTransactionStore(self.database, self.client.genesis_hash)


@contextmanager
def stage(*, keep_state: bool = False) -> Iterator[Stage]:
    """Everything fresh in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="gettone-reliability-") as folder:
        url = f"sqlite:///{folder}/outbox.sqlite"
        schema.upgrade(url)
        database = Database(url)
        place = Path(folder) / "chain"
        chain = LocalChain.start(place, timestamp_s=CHAIN_START_S, keep_state=keep_state)
        try:
            client = connect(chain.rpc_url, CHAIN_ID)
            yield Stage(chain, client, deploy_counter(client), database, url)
        finally:
            (LocalChain.attach(place) or chain).stop()
            database.close()


def faulty_node() -> Result:
    """A proxy that drops, delays, doubles, cuts and lies, for a thousand seeds."""
    shares = [range(first, SEEDS, WORKERS) for first in range(WORKERS)]
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as workers:
        outcomes = [one for share in workers.map(_seeds, shares) for one in share]
    faults = sum((one.faults for one in outcomes), Counter[str]())
    lost = sum(one.lost + (one.nonces != one.rows_with_nonce) for one in outcomes)
    doubled, runs = sum(one.doubled for one in outcomes), sum(one.runs for one in outcomes)
    summary = f"{SEEDS * EFFECTS:,} effects: {lost} lost, {doubled} double; {runs:,} runs until all were done"
    rows = [[f"proxy: {name}", f"{count:,} requests", ""] for name, count in sorted(faults.items()) if name != "passed"]
    return [["proxy between outbox and node", f"{SEEDS:,} seeds", summary], *rows], lost == doubled == 0


def _seeds(seeds: range) -> list[Outcome]:
    with stage() as place:
        return [run_seed(place.chain, place.client, place.counter, place.store, seed) for seed in seeds]


def two_processes() -> Result:
    """Two processes with one key and one database share out a thousand jobs, a tenth of which both want."""
    with stage() as place:
        outcome = run_two(place.client, place.database, place.url, place.counter, "key of two", JOBS)
    right = outcome.nonces_mined == outcome.nonces_stored == outcome.rows == JOBS
    said = (
        f"{outcome.nonces_mined:,} nonces, each once; {outcome.lost} effects lost, {outcome.doubled} double"
        if right
        else f"{outcome.nonces_mined} nonces mined and {outcome.nonces_stored} stored of {JOBS}"
    )
    return [["two processes on one key", f"{JOBS:,} jobs", said]], right and outcome.lost == outcome.doubled == 0


def restarted_node() -> Result:
    """A node that keeps its chain and forgets its pool, while transactions wait in it."""
    wrong = 0
    with stage(keep_state=True) as place:
        chain, client = place.chain, place.client
        for number in range(RESTARTS):
            key, names = throwaway_account(f"restart {number}"), [f"restart {number} {one}" for one in "abc"]
            leave_pending(chain, client, key, place.store, place.counter, names)
            signed = [row.tx_hash for row in place.store.unfinished(key.address)]
            chain = restart(chain, chain.folder)
            client = reconnected(chain)
            receipts = Sender(client, key, place.store, HASTY).send_all(effects(place.counter, names))
            wrong += [one.tx_hash for one in receipts] != signed
            wrong += counts(client, place.counter, names) != [1, 1, 1]
    said = f"{3 * RESTARTS} effects by the bytes signed before: {wrong} wrong"
    return [["node restarted with its chain and an empty pool", f"{RESTARTS} times", said]], wrong == 0


def halted_mining() -> Result:
    """Nothing is mined for minutes, while the outbox waits."""
    names = [f"halt {number}" for number in range(3)]
    with stage() as place:
        set_mining(place.chain, False)
        resuming = resume_later(place.chain, HALT_S)
        started = time.monotonic()
        pace = Pace(timeout_s=2 * HALT_S)
        Sender(place.client, throwaway_account("halt"), place.store, pace).send_all(effects(place.counter, names))
        waited_s = time.monotonic() - started
        resuming.join()
        right = waited_s >= HALT_S and counts(place.client, place.counter, names) == [1, 1, 1]
    said = "3 effects, each once, after it resumed" if right else "wrong"
    return [["mining stopped", f"{HALT_S} s", said]], right


def reverted_head() -> Result:
    """A node restored from a copy that is five blocks older, with and without other blocks since."""
    wrong = 0
    for number in range(REVERTS):
        with stage() as place:
            key = throwaway_account(f"revert {number}")
            sender = Sender(place.client, key, place.store, HASTY)
            snapshot = place.chain._rpc("evm_snapshot")
            for one in range(DEPTH):
                sender.send_all(effects(place.counter, [f"revert {number} {one}"]))
            place.chain._rpc("evm_revert", snapshot)
            for _ in range(number % 2 * DEPTH):
                place.chain._rpc("evm_increaseTime", 7)
                place.chain.mine()
            wrong += not _is_refused(sender, place, f"revert {number} after")
    said = f"refused {REVERTS - wrong} times before anything was signed"
    return [[f"head reverted by {DEPTH} blocks", f"{REVERTS} times", said]], wrong == 0


def _is_refused(sender: Sender, place: Stage, name: str) -> bool:
    try:
        sender.send_all(effects(place.counter, [name]))
    except Conflict as refusal:
        return refusal.code == "chain_went_back" and place.store.find(f"count/{name}") is None
    return False
