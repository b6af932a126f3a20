"""A sender brings each intent on chain once, wherever it is killed."""

import pytest
import rlp
from eth_utils.crypto import keccak

from gettone.chain.contract import Call
from gettone.chain.outbox.pace import Pace
from gettone.chain.refused import ContractRefused
from gettone.chain.signer import Signer
from gettone.chain.store import MemoryTransactionStore
from gettone.chain.stored_transaction import TransactionState
from gettone.chain.transactions import Sender
from gettone.errors import CheckFailed, Conflict, Refused, Unreachable
from tests.factories.community import throwaway_account
from tests.unit.chain.simulated_chain import KillableStore, Killed, Killer, SimulatedChain

pytestmark = pytest.mark.unit

KEY = throwaway_account("sender")
TO = "0x" + "11" * 20
CALL = Call("Ledger.pay", TO, b"\x01\x02")
OTHER = Call("Ledger.pay", TO, b"\x03")


PACE = Pace(timeout_s=0.2, poll_s=0.01, rebroadcast_s=0.05, patience_s=0.1)


def sender_of(chain: SimulatedChain, store: MemoryTransactionStore, key: Signer = KEY) -> Sender:
    return Sender(chain.as_client(), key, store, PACE)


def contents(chain: SimulatedChain) -> list[bytes]:
    return [rlp.decode(raw)[5] for raw in chain.mined]


def steps_of_a_send() -> int:
    chain = SimulatedChain()
    sender_of(chain, KillableStore(chain)).send(CALL, "pay/0")
    return chain.killer.steps


STEPS = steps_of_a_send()


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", range(1, STEPS + 1))
def test_send__killed_at_any_step_and_run_again__mined_exactly_once(step: int, after: bool) -> None:
    chain = SimulatedChain()
    store = KillableStore(chain)
    chain.killer = Killer(step, after=after)
    with pytest.raises(Killed):
        sender_of(chain, store).send(CALL, "pay/0")
    chain.killer = Killer(None, after=False)

    receipt = sender_of(chain, store).send(CALL, "pay/0")
    sender_of(chain, store).send(OTHER, "pay/1")

    assert contents(chain) == [CALL.data, OTHER.data]
    stored = store.find("pay/0")
    assert stored is not None
    assert (stored.state, stored.tx_hash) == (TransactionState.FINAL, receipt.tx_hash)


def test_send__other_intent_after_a_kill__finishes_the_stored_one_first() -> None:
    chain, store = SimulatedChain(), MemoryTransactionStore()
    chain.mining = False
    with pytest.raises(Unreachable) as pending:
        sender_of(chain, store).send(CALL, "pay/0")
    assert pending.value.code == "transaction_pending"
    chain.mining = True

    sender_of(chain, store).send(OTHER, "pay/1")

    assert contents(chain) == [CALL.data, OTHER.data]


def test_send__legacy_transaction__gas_price_zero_and_chain_id_in_the_signature() -> None:
    chain = SimulatedChain()
    sender_of(chain, MemoryTransactionStore()).send(CALL, "pay/0")
    fields = rlp.decode(chain.mined[0])
    assert fields[1] == b""
    assert fields[4] == b""
    assert int.from_bytes(fields[2], "big") == 50_000 * 120 // 100 + 20_000
    assert int.from_bytes(fields[6], "big") in (1981 * 2 + 35, 1981 * 2 + 36)


def test_send__estimate_near_the_block__gas_never_above_the_block_gas_limit() -> None:
    chain = SimulatedChain()
    chain.block_gas_limit = 55_000
    sender_of(chain, MemoryTransactionStore()).send(CALL, "pay/0")
    assert int.from_bytes(rlp.decode(chain.mined[0])[2], "big") == 55_000


def test_send__refused_by_the_contract__nothing_signed_and_the_error_named() -> None:
    chain, store = SimulatedChain(), MemoryTransactionStore()
    selector = keccak(text="SettlementLedgerChunkOutOfOrder(uint32,uint32)")[:4]
    chain.refusal = "0x" + (selector + (2).to_bytes(32, "big") + (1).to_bytes(32, "big")).hex()
    with pytest.raises(ContractRefused) as refusal:
        sender_of(chain, store).send(CALL, "pay/0")
    assert refusal.value.error_name == "SettlementLedgerChunkOutOfOrder"
    assert refusal.value.arguments == {"chunk": 2, "nextChunk": 1}
    assert "SettlementLedgerChunkOutOfOrder(chunk 2, nextChunk 1)" in refusal.value.message
    assert store.find("pay/0") is None
    assert chain.mined == []


def test_send__no_right__refused_with_the_caller() -> None:
    chain = SimulatedChain()
    selector = keccak(text="AccessManagedUnauthorized(address)")[:4]
    chain.refusal = "0x" + (selector + bytes(12) + b"\x11" * 20).hex()
    with pytest.raises(Refused) as refusal:
        sender_of(chain, MemoryTransactionStore()).send(CALL, "pay/0")
    assert refusal.value.code == "not_authorized"
    assert TO in refusal.value.message


def test_send__mined_without_effect__said_so_and_the_next_run_signs_anew() -> None:
    chain, store = SimulatedChain(), MemoryTransactionStore()
    chain.next_status = 0
    with pytest.raises(CheckFailed) as failure:
        sender_of(chain, store).send(CALL, "pay/0")
    assert failure.value.code == "transaction_failed"
    stored = store.find("pay/0")
    assert stored is not None
    assert stored.state is TransactionState.FAILED
    chain.next_status = 1

    sender_of(chain, store).send(CALL, "pay/0")

    assert [one["status"] for one in chain.by_hash.values()] == [hex(0), hex(1)]


def test_send__other_content_under_a_known_intent__refused_and_nothing_sent() -> None:
    chain, store = SimulatedChain(), MemoryTransactionStore()
    sender_of(chain, store).send(CALL, "pay/0")
    with pytest.raises(Conflict) as conflict:
        sender_of(chain, store).send(OTHER, "pay/0")
    assert conflict.value.code == "intent_changed"
    assert contents(chain) == [CALL.data]


def test_send__nonce_taken_by_another_program__signs_anew_since_the_old_bytes_are_dead() -> None:
    chain, store = SimulatedChain(), MemoryTransactionStore()
    chain.mining = False
    with pytest.raises(Unreachable):
        sender_of(chain, store).send(CALL, "pay/0")
    chain.mining = True
    sender_of(chain, MemoryTransactionStore()).send(OTHER, "elsewhere")

    sender_of(chain, store).send(CALL, "pay/0")

    assert contents(chain) == [OTHER.data, CALL.data]


def test_send__chain_forgot_a_mined_transaction__refused() -> None:
    chain, store = SimulatedChain(), MemoryTransactionStore()
    sender_of(chain, store).send(CALL, "pay/0")
    with pytest.raises(Conflict) as conflict:
        sender_of(SimulatedChain(), store).send(CALL, "pay/0")
    assert conflict.value.code == "chain_went_back"
