"""Join → schedule → open → pay → events, with 20 members and 3 chunks on a local chain."""

from dataclasses import replace

import pytest

from gettone.chain.payments import chunk_payments
from gettone.chain.refused import ContractRefused
from gettone.chain.settlement_ledger import SettlementState
from gettone.notary.payouts import PayoutPlan, plan_payouts
from gettone.notary.proposal import SettlementProposal
from tests.factories.community import (
    POOL_MODEL,
    SEPTEMBER_END_S,
    SEPTEMBER_START_S,
    TestCommunity,
    september_proposal,
    throwaway_account,
)

pytestmark = pytest.mark.chain

MEMBERS = 20
CHUNK = 7


def prepare(community: TestCommunity, *, strangers: int = 0) -> tuple[SettlementProposal, PayoutPlan]:
    """20 members with a payout each, the last `strangers` of them never joined; the month is over."""
    community.join_members(MEMBERS - strangers)
    community.schedule_model(POOL_MODEL, SEPTEMBER_START_S)
    community.chain.set_time(SEPTEMBER_END_S + 3600)
    wallets = [throwaway_account(f"member {number}").address for number in range(MEMBERS)]
    amounts = [(bytes.fromhex(wallet[2:]), 10**15 + at) for at, wallet in enumerate(wallets)]
    plan = plan_payouts(amounts, CHUNK)
    proposal = september_proposal(
        community,
        leaf_count=MEMBERS,
        total_units=plan.total_units,
        payouts_root=plan.root,
        chunk_count=len(plan.chunks),
    )
    return proposal, plan


def pay(community: TestCommunity, plan: PayoutPlan, chunk: int, attempt: int = 0) -> None:
    call = community.contracts.ledger.pay(0, 0, chunk, plan.chunks[chunk], plan.proofs[chunk])
    community.sender("oracle").send(call, f"pay/0/0/{chunk}/{attempt}")


def test_settlement__twenty_members_three_chunks__every_wallet_paid_once_and_read_back(
    deployed_community: TestCommunity,
) -> None:
    community = deployed_community
    proposal, plan = prepare(community)
    assert len(plan.chunks) == 3

    community.open(proposal)
    for chunk in range(3):
        pay(community, plan, chunk)
        pay(community, plan, chunk, attempt=1)

    contracts = community.contracts
    settlement = contracts.ledger.settlement(0, 0)
    assert settlement.state is SettlementState.PAID
    assert (settlement.paid_units, settlement.skipped_units) == (plan.total_units, 0)
    assert contracts.token.total_supply() == plan.total_units
    paid = chunk_payments(contracts.ledger, contracts.token, 0, 0, from_block=contracts.first_block)
    words = [
        bytes.fromhex(one.wallet[2:]) + one.amount_units.to_bytes(12, "big")
        for chunk_payment in paid
        for one in chunk_payment.payments
    ]
    assert words == [word for chunk in plan.chunks for word in chunk]
    for chunk_payment in paid:
        for one in chunk_payment.payments:
            assert contracts.token.balance_of(one.wallet) == one.amount_units


def test_settlement__opened__event_and_ledger_name_the_struct_hash_of_the_notary(
    deployed_community: TestCommunity,
) -> None:
    proposal, _ = prepare(deployed_community)
    deployed_community.open(proposal)

    ledger = deployed_community.contracts.ledger
    (opened,) = ledger.settlements_opened(period_index=0, from_block=deployed_community.contracts.first_block)
    assert opened.proposal == proposal
    assert opened.proposal_hash == proposal.struct_hash()
    assert ledger.settlement(0, 0).proposal_hash == proposal.struct_hash()
    assert ledger.last_settlement_hash() == proposal.struct_hash()


def test_settlement__wallets_that_never_joined__skipped_with_their_amounts(
    deployed_community: TestCommunity,
) -> None:
    community = deployed_community
    proposal, plan = prepare(community, strangers=2)
    community.open(proposal)
    for chunk in range(3):
        pay(community, plan, chunk)

    contracts = community.contracts
    paid = chunk_payments(contracts.ledger, contracts.token, 0, 0)
    skipped = {one.wallet: one.amount_units for chunk in paid for one in chunk.payments if one.skipped}
    expected = {throwaway_account(f"member {at}").address: 10**15 + at for at in (18, 19)}
    assert skipped == expected
    settlement = contracts.ledger.settlement(0, 0)
    assert settlement.skipped_units == sum(expected.values())
    assert settlement.paid_units + settlement.skipped_units == proposal.total_units
    assert contracts.token.total_supply() == settlement.paid_units


def test_open__two_oracles_required__one_signature_refused_and_two_accepted(
    deployed_community: TestCommunity,
) -> None:
    community = deployed_community
    call = community.contracts.ledger.set_required_signatures(2)
    community.sender("oracle_admin").send(call, "signatures/2")
    proposal, _ = prepare(community)
    with pytest.raises(ContractRefused) as refusal:
        community.open(proposal)
    assert refusal.value.error_name == "SettlementLedgerTooFewSignatures"
    assert refusal.value.arguments == {"given": 1, "required": 2}

    community.open(proposal, ("oracle", "second_oracle"))
    assert community.contracts.ledger.settlement(0, 0).state is SettlementState.OPEN


def test_open__signed_by_nobody_of_the_oracles__refused_with_the_signer(
    deployed_community: TestCommunity,
) -> None:
    proposal, _ = prepare(deployed_community)
    with pytest.raises(ContractRefused) as refusal:
        deployed_community.open(proposal, ("auditor",))
    assert refusal.value.error_name == "SettlementLedgerNotOracle"
    assert refusal.value.arguments["signer"].lower() == throwaway_account("auditor").address.lower()


def test_pay__a_payout_changed_by_one_unit__refused_and_nothing_paid(
    deployed_community: TestCommunity,
) -> None:
    community = deployed_community
    proposal, plan = prepare(community)
    community.open(proposal)
    first = plan.chunks[0][0]
    forged = (first[:31] + bytes([first[31] ^ 1]), *plan.chunks[0][1:])
    with pytest.raises(ContractRefused) as refusal:
        pay(community, replace(plan, chunks=(forged, *plan.chunks[1:])), 0)
    assert refusal.value.error_name == "SettlementLedgerWrongChunk"
    assert community.contracts.token.total_supply() == 0
