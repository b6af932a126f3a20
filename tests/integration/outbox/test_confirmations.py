"""Blocks above the depth of confirmations may be reorganised: what was in them is on its way again, and comes once."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from gettone.chain.client import ChainClient
from gettone.chain.local import LocalChain
from gettone.chain.outbox.pace import Pace
from gettone.chain.stored_transaction import StoredTransaction, TransactionState
from gettone.chain.transactions import Sender
from gettone.db.engine import Database
from gettone.db.repositories.transactions import DatabaseTransactionStore
from gettone.errors import Conflict
from tests.factories.community import throwaway_account
from tests.factories.counting_contract import counts, deploy_counter, effects

pytestmark = pytest.mark.chain

DEPTH = 3
DEEP = Pace(timeout_s=20, poll_s=0.01, rebroadcast_s=0.1, confirmations=DEPTH, patience_s=2)
KEY = throwaway_account("key of confirmations")
PATIENCE_S = 15


@pytest.fixture
def counter(chain_client: ChainClient) -> str:
    return deploy_counter(chain_client)


@pytest.fixture
def store(chain_client: ChainClient, embedded: Database) -> DatabaseTransactionStore:
    return DatabaseTransactionStore(embedded, chain_client.genesis_hash)


@pytest.fixture
def sending(chain_client: ChainClient, store: DatabaseTransactionStore) -> Iterator[Callable[..., threading.Thread]]:
    """Sends in a thread of its own, which waits for blocks that the test mines."""
    started: list[threading.Thread] = []

    def start(counter: str, name: str) -> threading.Thread:
        work = Sender(chain_client, KEY, store, DEEP).send_all
        started.append(threading.Thread(target=work, args=(effects(counter, [name]),)))
        started[-1].start()
        return started[-1]

    yield start
    for one in started:
        one.join(PATIENCE_S)
        assert not one.is_alive()


def wait_for(store: DatabaseTransactionStore, name: str, state: TransactionState) -> StoredTransaction:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        row = store.find(f"count/{name}")
        if row is not None and row.state is state:
            return row
        time.sleep(0.01)
    raise AssertionError(f"{name} never became {state}")


def reorganise(chain: LocalChain, depth: int) -> None:
    """Replace the last blocks by empty ones."""
    chain._rpc("anvil_reorg", depth, [])


def mine_until_final(chain: LocalChain, store: DatabaseTransactionStore, name: str) -> StoredTransaction:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        chain.mine()
        row = store.find(f"count/{name}")
        if row is not None and row.state is TransactionState.FINAL:
            return row
        time.sleep(0.02)
    raise AssertionError(f"{name} never became final")


def test_send__block_not_deep_enough__is_mined_and_not_final(
    local_chain: LocalChain, store: DatabaseTransactionStore, counter: str, sending: Callable[..., threading.Thread]
) -> None:
    sending(counter, "shallow")
    mined = wait_for(store, "shallow", TransactionState.MINED)
    for _ in range(DEPTH - 1):
        local_chain.mine()
    time.sleep(0.2)
    found = store.find("count/shallow")
    assert found is not None
    assert found.state is TransactionState.MINED
    assert mine_until_final(local_chain, store, "shallow").block_number == mined.block_number


def test_send__its_block_reorganised_above_the_depth__comes_once_in_another_block(
    local_chain: LocalChain,
    chain_client: ChainClient,
    store: DatabaseTransactionStore,
    counter: str,
    sending: Callable[..., threading.Thread],
) -> None:
    sending(counter, "moved")
    before = wait_for(store, "moved", TransactionState.MINED)
    local_chain.mine()
    reorganise(local_chain, DEPTH - 1)
    after = mine_until_final(local_chain, store, "moved")
    assert after.block_hash != before.block_hash
    assert after.tx_hash == before.tx_hash
    assert counts(chain_client, counter, ["moved"]) == [1]
    assert chain_client.nonce(KEY.address) == 1
    assert chain_client.block_hash(after.block_number or 0) == after.block_hash


def test_send__chain_reorganised_below_a_final_block__is_refused(
    local_chain: LocalChain,
    chain_client: ChainClient,
    store: DatabaseTransactionStore,
    counter: str,
    sending: Callable[..., threading.Thread],
) -> None:
    sending(counter, "final")
    wait_for(store, "final", TransactionState.MINED)
    row = mine_until_final(local_chain, store, "final")
    reorganise(local_chain, chain_client.block_number() - (row.block_number or 0) + 1)
    with pytest.raises(Conflict) as refusal:
        Sender(chain_client, KEY, store, DEEP).send_all(effects(counter, ["after"]))
    assert refusal.value.code == "chain_went_back"
    assert store.find("count/after") is None
