"""Fees, issue, sale, bonuses and authorized transfers through the gateways."""

from pathlib import Path

import pytest

from gettone.chain.authorization import TransferAuthorization, sign_cancel, sign_transfer
from gettone.chain.client import ChainClient
from gettone.chain.community_token import FeeFlow, Preview
from gettone.chain.consent import MemberClass
from gettone.chain.energy_bonus import EnergyBonusEntry, EnergyProfile, plan_energy_bonus
from gettone.chain.local import LocalChain
from gettone.chain.payments import chunk_payments
from gettone.chain.policy_values import Fees, Scheduled
from gettone.chain.refusals.community_token import CommunityTokenAuthorizationUsed, CommunityTokenCannotReceive
from gettone.chain.refusals.token_policy import TokenPolicyValidFromOutOfRange
from gettone.chain.refusals.treasury import (
    TreasuryNotAStakeholder,
    TreasuryReferenceUsed,
    TreasuryYearlyBudgetExceeded,
)
from gettone.chain.token_policy import AssignmentFees
from gettone.chain.typed_data import Domain
from tests.factories.community import (
    TestCommunity,
    fund_by_settlement,
    fund_treasury,
    member_id_of,
    throwaway_account,
)
from tests.factories.deployed_community import deploy_test_community

pytestmark = pytest.mark.chain

CITIZEN, SHOP = 0, 1
POLICY = {
    "fees": {"transfer_citizen_to_stakeholder_bps": 100, "assignment_to_citizen_bps": 50},
    "bonuses": {"welcome_citizen_units": 70, "energy_consumer_units": 3, "energy_prosumer_units": 5},
    "rates": {"units_per_cent": 10},
    "budgets": {"issue_per_year_units": 100_000},
}
REFERENCE = b"\x09" * 32


@pytest.fixture
def community(local_chain: LocalChain, chain_client: ChainClient, tmp_path: Path) -> TestCommunity:
    """A citizen and a shop in a community with fees, bonuses, a price and a budget."""
    found = deploy_test_community(local_chain, chain_client, tmp_path / "deployments", policy=POLICY)
    found.join(CITIZEN)
    found.join(SHOP, MemberClass.STAKEHOLDER)
    return found


def balance(community: TestCommunity, number: int) -> int:
    return community.contracts.token.balance_of(community.wallet(number).address)


def treasury_balance(community: TestCommunity) -> int:
    return community.contracts.token.balance_of(community.contracts.treasury.address)


def test_pay__assignment_fee__net_to_the_member_and_read_back_gross(community: TestCommunity) -> None:
    fund_by_settlement(community, {CITIZEN: 1_000, SHOP: 1_000})
    assert (balance(community, CITIZEN), balance(community, SHOP), treasury_balance(community)) == (995, 1_000, 5)
    (paid,) = chunk_payments(community.contracts.ledger, community.contracts.token, 0, 0)
    fees = {one.wallet: (one.amount_units, one.fee_units) for one in paid.payments}
    assert fees == {
        community.wallet(CITIZEN).address: (1_000, 5),
        community.wallet(SHOP).address: (1_000, 0),
    }
    assert {one.flow for one in community.contracts.token.fees_charged()} == {FeeFlow.ASSIGNMENT}


def test_transfer__with_a_fee__as_previewed(community: TestCommunity) -> None:
    fund_by_settlement(community, {CITIZEN: 1_000})
    token, before = community.contracts.token, treasury_balance(community)
    pair = (community.wallet(CITIZEN).address, community.wallet(SHOP).address)
    assert token.preview_transfer(*pair, 299) == Preview(297, 2)
    community.send("member 0", token.transfer(pair[1], 299))
    assert (balance(community, SHOP), treasury_balance(community) - before) == (297, 2)


def test_preview_transfer__to_a_stranger__the_refusal_of_the_transfer(community: TestCommunity) -> None:
    stranger = throwaway_account("stranger").address
    with pytest.raises(CommunityTokenCannotReceive) as refusal:
        community.contracts.token.preview_transfer(community.wallet(CITIZEN).address, stranger, 0)
    assert refusal.value.wallet == stranger


def test_transfer_with_authorization__carried_by_a_stranger__once(community: TestCommunity) -> None:
    fund_by_settlement(community, {CITIZEN: 1_000})
    token, now_s = community.contracts.token, community.client.now_s()
    domain = Domain(token.name(), community.client.chain_id, token.address)
    wallet = community.wallet(CITIZEN)
    treasury = community.contracts.treasury.address
    given = TransferAuthorization(wallet.address, treasury, 400, now_s - 1, now_s + 500, b"\x05" * 32)
    call = token.transfer_with_authorization(given, sign_transfer(wallet, domain, given))
    community.send("stranger", call, "carry")
    assert balance(community, CITIZEN) == 595
    assert token.authorization_state(wallet.address, given.nonce)
    with pytest.raises(CommunityTokenAuthorizationUsed) as refusal:
        community.send("stranger", call, "carry again")
    assert (refusal.value.authorizer, refusal.value.nonce) == (wallet.address, given.nonce)


def test_cancel_authorization__signed__nonce_is_used_up(community: TestCommunity) -> None:
    token, wallet, nonce = community.contracts.token, community.wallet(CITIZEN), b"\x06" * 32
    domain = Domain(token.name(), community.client.chain_id, token.address)
    community.send("stranger", token.cancel_authorization(wallet.address, nonce, sign_cancel(wallet, domain, nonce)))
    assert token.authorization_state(wallet.address, nonce)


def test_schedule_fees__after_the_notice__public_before_and_in_force_then(community: TestCommunity) -> None:
    policy, now_s = community.contracts.policy, community.client.now_s()
    fees, valid_from_s = Fees(assignment_to_citizen_bps=200, transfer_citizen_to_citizen_bps=7), now_s + 5_000
    community.send("token_admin", policy.schedule_fees(fees, valid_from_s))
    assert policy.scheduled_fees() == Scheduled(fees, valid_from_s)
    assert policy.assignment_fees_at(valid_from_s - 1) == AssignmentFees(50, 0)
    assert policy.assignment_fees_at(valid_from_s) == AssignmentFees(200, 0)
    known = community.contracts.token.transfer_fees()
    assert (known.scheduled.citizen_to_citizen_bps, known.valid_from_s) == (7, valid_from_s)
    assert known.current.citizen_to_stakeholder_bps == 100


def test_schedule_fees__without_notice__refused_with_the_earliest_moment(community: TestCommunity) -> None:
    now_s = community.client.now_s()
    with pytest.raises(TokenPolicyValidFromOutOfRange) as refusal:
        community.send("token_admin", community.contracts.policy.schedule_fees(Fees(), now_s + 60))
    assert refusal.value.valid_from == now_s + 60
    assert refusal.value.earliest >= now_s + 3_600


def test_issue__above_the_yearly_budget__refused_with_what_is_left(community: TestCommunity) -> None:
    fund_treasury(community, 90_000)
    with pytest.raises(TreasuryYearlyBudgetExceeded) as refusal:
        fund_treasury(community, 10_001)
    assert (refusal.value.amount, refusal.value.issued, refusal.value.budget) == (10_001, 90_000, 100_000)
    community.send("token_admin", community.contracts.treasury.burn(1_000))
    treasury = community.contracts.treasury
    assert (treasury.issued_in_year_units(), treasury.total_burned_units()) == (90_000, 1_000)


def test_sell__to_the_shop__price_of_the_policy_and_a_reference_once(community: TestCommunity) -> None:
    fund_treasury(community, 10_000)
    sale = community.contracts.treasury.sell(member_id_of(SHOP), 250, REFERENCE)
    community.send("token_admin", sale, "sale")
    assert balance(community, SHOP) == 2_500
    found = community.contracts.treasury.sale_of(REFERENCE)
    assert found is not None
    assert (found.member_id, found.units, found.cents) == (member_id_of(SHOP), 2_500, 250)
    with pytest.raises(TreasuryReferenceUsed):
        community.send("token_admin", sale, "sale again")


def test_sell__to_a_citizen__refused(community: TestCommunity) -> None:
    fund_treasury(community, 10_000)
    with pytest.raises(TreasuryNotAStakeholder) as refusal:
        community.send("token_admin", community.contracts.treasury.sell(member_id_of(CITIZEN), 1, REFERENCE))
    assert refusal.value.member_id.hex() == member_id_of(CITIZEN)


def test_welcome_bonus__treasury_short_at_the_join__claimed_by_anybody_later(community: TestCommunity) -> None:
    treasury = community.contracts.treasury
    assert treasury.welcome_bonus_of(member_id_of(CITIZEN)).owed_units == 70
    fund_treasury(community, 1_000)
    community.send("stranger", treasury.claim_welcome_bonus(member_id_of(CITIZEN)))
    assert balance(community, CITIZEN) == 70
    assert treasury.welcome_bonus_of(member_id_of(CITIZEN)).owed_units == 0


def test_energy_bonus__planned_in_two_chunks__every_member_paid_by_profile(community: TestCommunity) -> None:
    fund_treasury(community, 1_000)
    entries = [
        EnergyBonusEntry(member_id_of(CITIZEN), EnergyProfile.PROSUMER),
        EnergyBonusEntry(member_id_of(SHOP), EnergyProfile.CONSUMER),
        EnergyBonusEntry(member_id_of(99), EnergyProfile.CONSUMER),
    ]
    plan, treasury = plan_energy_bonus(entries, 2), community.contracts.treasury
    call = treasury.open_energy_bonus(2016, plan.root, len(plan.chunks), plan.entry_count)
    community.send("token_admin", call)
    for chunk, (paid, proof) in enumerate(zip(plan.chunks, plan.proofs, strict=True)):
        community.send("stranger", treasury.pay_energy_bonus(2016, chunk, paid, proof))
    assert (balance(community, CITIZEN), balance(community, SHOP)) == (5, 3)
    run = treasury.energy_run(2016)
    assert run is not None
    assert (run.next_chunk, run.entries_done, run.root) == (2, 3, plan.root)
