"""A sender on a real node: exactly once after a crash, duplicates and a node that forgot its pool."""

import pytest

from gettone.chain.client import ChainClient
from gettone.chain.consent import JoinConsent, MemberClass, sign_join
from gettone.chain.contract import Call
from gettone.chain.outbox.pace import Pace
from gettone.chain.refused import ContractRefused
from gettone.chain.store import MemoryTransactionStore
from gettone.chain.stored_transaction import TransactionState
from gettone.chain.transactions import Sender
from gettone.errors import Unreachable
from tests.factories.community import TestCommunity, member_id_of, throwaway_account

pytestmark = pytest.mark.chain


def join_call(community: TestCommunity, number: int) -> Call:
    wallet, registry = throwaway_account(f"member {number}"), community.contracts.members
    deadline_s = community.client.now_s() + 600
    consent = JoinConsent("fontana", member_id_of(number), MemberClass.CITIZEN, 0, deadline_s)
    signature = sign_join(wallet, registry.contract.address, community.client.chain_id, consent)
    return registry.join(member_id_of(number), wallet.address, MemberClass.CITIZEN, deadline_s, signature)


def hasty_sender(client: ChainClient, store: MemoryTransactionStore) -> Sender:
    return Sender(client, throwaway_account("registrar"), store, Pace(timeout_s=0.3, rebroadcast_s=0.1))


def test_send__node_loses_its_pool_before_mining__same_bytes_mined_later(
    deployed_community: TestCommunity,
) -> None:
    chain, client = deployed_community.chain, deployed_community.client
    store, call = MemoryTransactionStore(), join_call(deployed_community, 1)
    chain._rpc("evm_setAutomine", False)
    with pytest.raises(Unreachable) as pending:
        hasty_sender(client, store).send(call, "join/1")
    assert pending.value.code == "transaction_pending"
    signed = store.find("join/1")
    assert signed is not None
    assert signed.state is TransactionState.SENT
    chain._rpc("anvil_dropAllTransactions")
    chain._rpc("evm_setAutomine", True)

    receipt = hasty_sender(client, store).send(call, "join/1")

    assert receipt.tx_hash == signed.tx_hash
    assert deployed_community.contracts.members.member_count() == 1


def test_send__mined_while_the_program_was_down__receipt_found_and_nothing_sent(
    deployed_community: TestCommunity,
) -> None:
    chain, client = deployed_community.chain, deployed_community.client
    store, call = MemoryTransactionStore(), join_call(deployed_community, 1)
    chain._rpc("evm_setAutomine", False)
    with pytest.raises(Unreachable):
        hasty_sender(client, store).send(call, "join/1")
    chain.mine()
    nonce = client.nonce(throwaway_account("registrar").address)

    hasty_sender(client, store).send(call, "join/1")

    assert client.nonce(throwaway_account("registrar").address) == nonce == 1
    stored = store.find("join/1")
    assert stored is not None
    assert stored.state is TransactionState.FINAL


def test_send__bytes_the_node_already_holds__taken_as_sent(deployed_community: TestCommunity) -> None:
    chain, client = deployed_community.chain, deployed_community.client
    store, call = MemoryTransactionStore(), join_call(deployed_community, 1)
    chain._rpc("evm_setAutomine", False)
    for _ in range(2):
        with pytest.raises(Unreachable) as pending:
            hasty_sender(client, store).send(call, "join/1")
        assert pending.value.code == "transaction_pending"
    chain.mine()
    assert deployed_community.contracts.members.member_count() == 1


def test_send__member_joins_with_another_wallet__refused_and_no_nonce_spent(
    deployed_community: TestCommunity,
) -> None:
    client, registry = deployed_community.client, deployed_community.contracts.members
    deployed_community.join(1)
    wallet, deadline_s = throwaway_account("another wallet"), client.now_s() + 600
    consent = JoinConsent("fontana", member_id_of(1), MemberClass.CITIZEN, 0, deadline_s)
    signature = sign_join(wallet, registry.contract.address, client.chain_id, consent)
    call = registry.join(member_id_of(1), wallet.address, MemberClass.CITIZEN, deadline_s, signature)
    with pytest.raises(ContractRefused) as refusal:
        deployed_community.sender("registrar").send(call, "join/1/again")
    assert refusal.value.error_name == "MemberRegistryMemberTaken"
    assert client.nonce(throwaway_account("registrar").address) == 1


def test_transfer__between_members__free_of_gas_from_an_empty_account(
    deployed_community: TestCommunity,
) -> None:
    deployed_community.join_members(2)
    first, second = deployed_community.members.values()
    call = deployed_community.contracts.token.transfer(second.address, 0)
    Sender(deployed_community.client, first, MemoryTransactionStore()).send(call, "transfer")
    assert deployed_community.client.w3.eth.get_balance(first.address) == 0
    assert deployed_community.client.nonce(first.address) == 1
