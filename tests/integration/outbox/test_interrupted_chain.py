"""The node is restarted, emptied, halted, or restored from a copy while transactions are on their way."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from gettone.chain.client import ChainClient, connect
from gettone.chain.local import CHAIN_ID, LocalChain
from gettone.chain.outbox.pace import Pace
from gettone.chain.stored_transaction import TransactionState
from gettone.chain.transactions import Sender
from gettone.db.engine import Database
from gettone.db.repositories.transactions import DatabaseTransactionStore
from gettone.errors import Conflict
from tests.factories.community import CHAIN_START_S, throwaway_account
from tests.factories.counting_contract import HASTY, counts, deploy_counter, effects
from tests.factories.interrupted_chain import leave_pending, reconnected, restart, resume_later, set_mining

pytestmark = pytest.mark.chain

KEY = throwaway_account("key of an interrupted chain")
NAMES = ["a", "b", "c"]
BLOCK_GAS, MORE_GAS = 1_000_000, 5_000_000


@pytest.fixture
def kept_chain(tmp_path: Path) -> Iterator[LocalChain]:
    chain = LocalChain.start(tmp_path / "kept", timestamp_s=CHAIN_START_S, keep_state=True)
    yield chain
    running = LocalChain.attach(tmp_path / "kept")
    if running is not None:
        running.stop()


@pytest.fixture
def store(kept_chain: LocalChain, embedded: Database) -> DatabaseTransactionStore:
    return DatabaseTransactionStore(embedded, connect(kept_chain.rpc_url, CHAIN_ID).genesis_hash)


def test_send_all__node_restarted_with_an_empty_pool__same_bytes_mined_once(
    kept_chain: LocalChain, store: DatabaseTransactionStore, tmp_path: Path
) -> None:
    client = reconnected(kept_chain)
    counter = deploy_counter(client)
    leave_pending(kept_chain, client, KEY, store, counter, NAMES)
    signed = [store.find(f"count/{name}") for name in NAMES]

    client = reconnected(restart(kept_chain, tmp_path / "kept"))
    assert client.nonces(KEY.address)[:2] == (0, 0)
    receipts = Sender(client, KEY, store, HASTY).send_all(effects(counter, NAMES))

    assert [one.tx_hash for one in receipts] == [row.tx_hash for row in signed if row]
    assert counts(client, counter, NAMES) == [1, 1, 1]


def test_send_all__mining_stopped_and_resumed__waits_and_each_is_mined_once(
    kept_chain: LocalChain, store: DatabaseTransactionStore
) -> None:
    client = reconnected(kept_chain)
    counter = deploy_counter(client)
    set_mining(kept_chain, False)
    resuming = resume_later(kept_chain, 1.0)
    receipts = Sender(client, KEY, store, Pace(timeout_s=20, rebroadcast_s=0.2)).send_all(effects(counter, NAMES))
    resuming.join()
    assert len(receipts) == len(NAMES)
    assert counts(client, counter, NAMES) == [1, 1, 1]


@pytest.mark.parametrize("mined_again", [0, 5], ids=["head lower", "other blocks in their place"])
def test_send_all__head_reverted_by_five_blocks__refused_before_anything_is_sent(
    local_chain: LocalChain, chain_client: ChainClient, embedded: Database, mined_again: int
) -> None:
    counter = deploy_counter(chain_client)
    store = DatabaseTransactionStore(embedded, chain_client.genesis_hash)
    sender = Sender(chain_client, KEY, store, HASTY)
    snapshot = local_chain._rpc("evm_snapshot")
    for number in range(5):
        sender.send_all(effects(counter, [f"before {number}"]))
    local_chain._rpc("evm_revert", snapshot)
    for _ in range(mined_again):
        local_chain._rpc("evm_increaseTime", 7)
        local_chain.mine()
    before = chain_client.nonce(KEY.address)

    with pytest.raises(Conflict) as refusal:
        sender.send_all(effects(counter, ["after"]))

    assert refusal.value.code == "chain_went_back"
    assert chain_client.nonce(KEY.address) == before == 0
    assert store.find("count/after") is None


def test_send_all__lower_transaction_lost_with_its_row__gap_filled_with_a_no_op(
    local_chain: LocalChain, chain_client: ChainClient, embedded: Database
) -> None:
    """What a database restored without its last rows looks like: a nonce was given out and nobody knows it."""
    counter = deploy_counter(chain_client)
    store = DatabaseTransactionStore(embedded, chain_client.genesis_hash)
    leave_pending(local_chain, chain_client, KEY, store, counter, NAMES)
    local_chain._rpc("anvil_dropAllTransactions")
    with embedded.write() as connection:
        connection.exec_driver_sql("DELETE FROM chain_transactions WHERE intent = 'count/b'")
    set_mining(local_chain, True)

    Sender(chain_client, KEY, store, HASTY).send_all(effects(counter, [*NAMES, "d"]))

    assert counts(chain_client, counter, [*NAMES, "d"]) == [1, 1, 1, 1]
    noop = store.find(f"noop/{KEY.address}/1")
    assert noop is not None
    assert noop.state is TransactionState.FINAL


def test_send_all__transactions_of_another_program_in_the_pool__refused_before_signing(
    local_chain: LocalChain, chain_client: ChainClient, embedded: Database
) -> None:
    counter = deploy_counter(chain_client)
    elsewhere = DatabaseTransactionStore(embedded, b"\x07" * 32)
    leave_pending(local_chain, chain_client, KEY, elsewhere, counter, NAMES)
    store = DatabaseTransactionStore(embedded, chain_client.genesis_hash)
    with pytest.raises(Conflict) as refusal:
        Sender(chain_client, KEY, store, HASTY).send_all(effects(counter, ["d"]))
    assert refusal.value.code == "key_used_elsewhere"
    found = store.find("count/d")
    assert found is not None
    assert found.nonce is None


def test_settle__nothing_asked_for__brings_home_what_is_signed(
    local_chain: LocalChain, chain_client: ChainClient, embedded: Database
) -> None:
    counter = deploy_counter(chain_client)
    store = DatabaseTransactionStore(embedded, chain_client.genesis_hash)
    leave_pending(local_chain, chain_client, KEY, store, counter, NAMES)
    local_chain._rpc("anvil_dropAllTransactions")
    set_mining(local_chain, True)
    Sender(chain_client, KEY, store, HASTY).settle()
    assert counts(chain_client, counter, NAMES) == [1, 1, 1]
    assert store.unfinished(KEY.address) == ()


def test_send_all__blocks_became_too_small_for_it__its_nonce_goes_to_a_no_op_and_the_next_run_brings_the_effect(
    local_chain: LocalChain, chain_client: ChainClient, embedded: Database
) -> None:
    counter = deploy_counter(chain_client)
    store = DatabaseTransactionStore(embedded, chain_client.genesis_hash)
    sender = Sender(chain_client, KEY, store, HASTY)
    local_chain._rpc("evm_setBlockGasLimit", hex(BLOCK_GAS))
    impossible = [replace(one, gas=MORE_GAS) for one in effects(counter, ["a"])]
    with pytest.raises(Conflict) as refusal:
        sender.send_all(impossible)
    assert refusal.value.code == "gas_above_block"
    given_up = store.find("count/a")
    assert given_up is not None
    assert (given_up.state, given_up.nonce) == (TransactionState.SUPERSEDED, 0)

    sender.send_all(effects(counter, ["a", "b"]))

    noop, again = store.find(f"noop/{KEY.address}/0"), store.find("count/a")
    assert noop is not None
    assert again is not None
    assert (noop.state, again.state) == (TransactionState.FINAL, TransactionState.FINAL)
    assert (again.attempt, again.nonce) == (2, 1)
    assert counts(chain_client, counter, ["a", "b"]) == [1, 1]
    assert chain_client.nonce(KEY.address) == 3
