"""One key, one node, one proxy that lies: an outbox run again and again until its work is done, and what came of it."""

from collections import Counter
from dataclasses import dataclass

from gettone.chain.client import ChainClient, connect
from gettone.chain.local import CHAIN_ID, LocalChain
from gettone.chain.store import TransactionStore
from gettone.chain.transactions import Sender
from gettone.errors import GettoneError, Unreachable
from tests.factories.community import throwaway_account
from tests.factories.counting_contract import HASTY, counts, effects
from tests.factories.fault_proxy import fault_proxy

EFFECTS = 6
RUNS_MAX = 40
CLIENT_PATIENCE_S = 0.4


@dataclass(frozen=True)
class Outcome:
    """What a seed did and what came of it: effects lost and doubled must be 0."""

    lost: int
    doubled: int
    nonces: int
    rows_with_nonce: int
    runs: int
    faults: Counter[str]


def run_seed(chain: LocalChain, client: ChainClient, counter: str, store: TransactionStore, seed: int) -> Outcome:
    """Bring six effects on chain by a key of its own, through a proxy that draws its faults from the seed."""
    names = [f"{seed}/{number}" for number in range(EFFECTS)]
    key = f"key of seed {seed}"
    with fault_proxy(chain.rpc_url, seed, late_s=2 * CLIENT_PATIENCE_S) as proxy:
        runs = until_done(proxy.url, store, key, counter, names)
    address = throwaway_account(key).address
    found = counts(client, counter, names)
    with store.key_lock(address) as rows:
        given_out = len(rows.nonces_from(0))
    doubled = sum(one > 1 for one in found)
    return Outcome(found.count(0), doubled, client.nonce(address), given_out, runs, proxy.faults)


def until_done(url: str, store: TransactionStore, key: str, counter: str, names: list[str]) -> int:
    """Run the same command again after each refusal, as an operator or a timer does; returns how often it ran."""
    for number in range(1, RUNS_MAX + 1):
        try:
            # The second half is tried by the node before it is signed, the first half is not.
            client = patient_client(url)
            half = len(names) // 2
            planned = effects(counter, names[:half]) + effects(counter, names[half:], tried=True)
            Sender(client, throwaway_account(key), store, HASTY).send_all(planned)
        except GettoneError:
            continue
        else:
            return number
    raise AssertionError(f"{key}: not done after {RUNS_MAX} runs")


def patient_client(url: str) -> ChainClient:
    """A client through a proxy whose faults may meet the first questions too."""
    for _ in range(RUNS_MAX):
        try:
            return connect(url, CHAIN_ID, timeout_s=CLIENT_PATIENCE_S)
        except Unreachable:
            continue
    raise AssertionError("the proxy never let a client connect")
