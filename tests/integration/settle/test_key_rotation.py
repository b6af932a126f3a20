"""The oracle's key is changed between two chunks of a settlement, with a transaction of the old one on its way."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from gettone.chain.outbox.pace import Pace
from gettone.chain.refused import ContractRefused
from gettone.chain.roles import Role
from gettone.chain.rotation import rotate_role
from gettone.chain.store import MemoryTransactionStore
from gettone.chain.stored_transaction import TransactionState
from gettone.chain.transactions import Sender
from gettone.db.repositories.settlement_states import SettlementState
from gettone.db.repositories.transactions import DatabaseTransactionStore
from gettone.errors import Held, Refused, Unreachable
from oracle.settle.context import SettlementContext
from oracle.settle.job import run_settlement
from tests.factories.community import throwaway_account
from tests.factories.village import BUDGET_UNITS, COMMUNITY, FIRST_DAY, POOL, Village
from tests.integration.settle.conftest import MakeVillage

pytestmark = pytest.mark.chain

OLD, NEW, ADMIN = (throwaway_account(name) for name in ("oracle", "new oracle", "community_admin"))
ONE_BY_ONE = Pace(timeout_s=0.5, rebroadcast_s=0.1, window=1)


def context_of(village: Village, key: str, progress: Callable[[str], None] = lambda _: None) -> SettlementContext:
    signer = throwaway_account(key)
    sender = Sender(village.on_chain.client, signer, store_of(village), ONE_BY_ONE)
    return replace(village.context(progress), oracles=(signer,), sender=sender)


def store_of(village: Village) -> DatabaseTransactionStore:
    return DatabaseTransactionStore(village.database, village.on_chain.client.genesis_hash)


def senders_of_chunks(village: Village, settlement_hash: str) -> list[str]:
    found = [store_of(village).find(f"settlement/{settlement_hash}/pay/{number}") for number in range(3)]
    return [row.sender for row in found if row is not None and row.state is TransactionState.FINAL]


def test_run_settlement__oracle_rotated_between_chunks__old_one_brought_home_new_one_goes_on(
    new_village: MakeVillage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("oracle.settle.commitment.payouts_per_chunk", lambda _: 4)
    village = new_village()
    village.schedule(POOL)
    village.import_day(FIRST_DAY)
    chain = village.on_chain.chain

    def halt_at_the_second_chunk(step: str) -> None:
        if step.startswith("paying chunk 2"):
            chain._rpc("evm_setAutomine", False)

    with pytest.raises(Unreachable) as pending:
        run_settlement(context_of(village, "oracle", halt_at_the_second_chunk), COMMUNITY, FIRST_DAY)
    assert pending.value.code == "transaction_pending"
    chain._rpc("anvil_dropAllTransactions")
    chain._rpc("evm_setAutomine", True)

    manager = village.on_chain.contracts.access_manager
    admin = Sender(village.on_chain.client, ADMIN, store_of(village))
    assert rotate_role(manager, admin, Role.ORACLE, OLD.address, NEW.address)
    assert not rotate_role(manager, admin, Role.ORACLE, OLD.address, NEW.address)
    settlement = run_settlement(context_of(village, "new oracle"), COMMUNITY, FIRST_DAY)

    assert settlement.state is SettlementState.CLOSED
    assert village.on_chain.contracts.token.total_supply() == BUDGET_UNITS
    assert settlement.proposed is not None
    assert senders_of_chunks(village, settlement.proposed.proposal_hash.hex()) == [OLD.address] * 2 + [NEW.address]


def test_rotate_role__by_who_may_not__refused_and_nobody_changed(village: Village) -> None:
    manager = village.on_chain.contracts.access_manager
    stranger = Sender(village.on_chain.client, throwaway_account("stranger"), MemoryTransactionStore())
    with pytest.raises(Refused) as refusal:
        rotate_role(manager, stranger, Role.ORACLE, OLD.address, NEW.address)
    assert refusal.value.code == "not_authorized"
    assert [manager.has_role(Role.ORACLE, one.address)[0] for one in (OLD, NEW)] == [True, False]


def rotate(village: Village) -> None:
    admin = Sender(village.on_chain.client, ADMIN, store_of(village))
    assert rotate_role(village.on_chain.contracts.access_manager, admin, Role.ORACLE, OLD.address, NEW.address)


def test_run_settlement__oracle_rotated_between_signing_and_opening__the_new_one_signs(village: Village) -> None:
    attested = run_settlement(context_of(village, "oracle"), COMMUNITY, FIRST_DAY, until=SettlementState.ATTESTED)
    rotate(village)
    with pytest.raises(Held) as held:
        run_settlement(replace(context_of(village, "oracle"), oracles=()), COMMUNITY, FIRST_DAY)
    assert held.value.code == "signatures_missing"
    settlement = run_settlement(context_of(village, "new oracle"), COMMUNITY, FIRST_DAY)
    assert settlement.state is SettlementState.CLOSED
    assert settlement.proposed == attested.proposed
    assert [one["signer"] for one in json.loads(settlement.signatures_json or "[]")] == [NEW.address]
    assert village.on_chain.contracts.token.total_supply() == BUDGET_UNITS


def test_run_settlement__one_of_two_oracles_rotated_after_signing__the_other_signature_stays(
    new_village: MakeVillage,
) -> None:
    village = new_village(required_signatures=2)
    village.schedule(POOL)
    village.import_day(FIRST_DAY)
    run_settlement(village.context(), COMMUNITY, FIRST_DAY, until=SettlementState.ATTESTED)
    rotate(village)
    settlement = run_settlement(context_of(village, "new oracle"), COMMUNITY, FIRST_DAY)
    signers = [one["signer"] for one in json.loads(settlement.signatures_json or "[]")]
    assert settlement.state is SettlementState.CLOSED
    assert sorted(signers) == sorted([NEW.address, throwaway_account("second_oracle").address])


def test_run_settlement__opening_of_a_rotated_oracle_mined_without_effect__opened_by_the_new_one(
    village: Village,
) -> None:
    """The opening was sent and lost by the node; it reaches a block only after the oracle lost its role."""
    chain = village.on_chain.chain
    run_settlement(context_of(village, "oracle"), COMMUNITY, FIRST_DAY, until=SettlementState.ATTESTED)
    chain._rpc("evm_setAutomine", False)
    with pytest.raises(Unreachable):
        run_settlement(context_of(village, "oracle"), COMMUNITY, FIRST_DAY, until=SettlementState.OPEN)
    chain._rpc("anvil_dropAllTransactions")
    chain._rpc("evm_setAutomine", True)
    rotate_without_bringing_home(village)
    with pytest.raises(ContractRefused):
        run_settlement(context_of(village, "new oracle"), COMMUNITY, FIRST_DAY)
    settlement = run_settlement(context_of(village, "new oracle"), COMMUNITY, FIRST_DAY)
    assert settlement.state is SettlementState.CLOSED
    assert len(village.on_chain.contracts.ledger.settlements_opened()) == 1
    assert village.on_chain.contracts.token.total_supply() == BUDGET_UNITS


def rotate_without_bringing_home(village: Village) -> None:
    manager = village.on_chain.contracts.access_manager
    calls = [manager.revoke_role(Role.ORACLE, OLD.address), manager.grant_role(Role.ORACLE, NEW.address)]
    Sender(village.on_chain.client, ADMIN, MemoryTransactionStore()).send(manager.multicall(calls), "rotate")
