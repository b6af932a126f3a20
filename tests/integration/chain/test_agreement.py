"""An agreement of category 1 from the proposal to the feedback, and what the exchange refuses."""

from dataclasses import replace

import pytest

from gettone.chain.agreement import Act, Authorization, Terms, feedback_detail
from gettone.chain.categories import Kind
from gettone.chain.policy_values import CHECK_SOCIAL_VALUE, IncentiveRule
from gettone.chain.refusals.access_manager import AccessManagerNotScheduled
from gettone.chain.refusals.agreement import ServiceExchangeWrongState
from gettone.chain.refusals.community_token import CommunityTokenPaused
from gettone.chain.refusals.service_exchange import ServiceExchangeAuthorizationInvalid
from gettone.chain.service_exchange import AgreementState
from gettone.errors import Refused
from tests.factories.community import (
    TestCommunity,
    act_of,
    fund_by_settlement,
    fund_treasury,
    member_id_of,
    permit_of,
    terms_of,
)
from tests.factories.deployed_community import deploy_test_community

pytestmark = pytest.mark.chain

PROVIDER, PAYER = 0, 1
TEXT_HASH = b"\x07" * 32


@pytest.fixture
def market(deployed_community: TestCommunity) -> TestCommunity:
    """Two citizens; the second one has 5,000 base units."""
    deployed_community.join_members(2)
    fund_by_settlement(deployed_community, {PAYER: 5_000})
    return deployed_community


def propose_and_accept(market: TestCommunity, terms: Terms) -> None:
    exchange = market.contracts.exchange
    market.send("member 0", exchange.propose(terms, Authorization(member_id_of(PROVIDER))))
    permit = permit_of(market, PAYER, terms.price_units)
    market.send("member 1", exchange.accept(terms, Authorization(member_id_of(PAYER)), permit))


def settle(market: TestCommunity, terms: Terms) -> None:
    exchange = market.contracts.exchange
    propose_and_accept(market, terms)
    market.send("member 0", exchange.deliver(terms, Authorization(member_id_of(PROVIDER))))
    market.send("member 1", exchange.confirm(terms, Authorization(member_id_of(PAYER))))


def balances(market: TestCommunity) -> tuple[int, int, int]:
    token = market.contracts.token
    members = [token.balance_of(market.wallet(one).address) for one in (PROVIDER, PAYER)]
    return members[0], members[1], token.balance_of(market.contracts.exchange.address)


def test_agreement__accepted_with_a_permit__price_in_escrow(market: TestCommunity) -> None:
    terms = terms_of(market, PROVIDER, PAYER)
    propose_and_accept(market, terms)
    assert balances(market) == (0, 4_000, 1_000)
    assert market.contracts.exchange.escrow_of(terms) == 1_000
    assert market.contracts.exchange.agreement(terms.agreement_id()).state is AgreementState.ACCEPTED


def test_agreement__delivered_and_confirmed__provider_paid_and_settled(market: TestCommunity) -> None:
    terms = terms_of(market, PROVIDER, PAYER)
    settle(market, terms)
    assert balances(market) == (1_000, 4_000, 0)
    assert market.contracts.exchange.agreement(terms.agreement_id()).state is AgreementState.SETTLED


def test_agreement__every_act_signed_and_carried_by_a_stranger__settled_and_rated(market: TestCommunity) -> None:
    terms, exchange = terms_of(market, PROVIDER, PAYER), market.contracts.exchange
    market.send("stranger", exchange.propose(terms, act_of(market, PROVIDER, Act.PROPOSE, terms)))
    permit = permit_of(market, PAYER, 1_000)
    market.send("stranger", exchange.accept(terms, act_of(market, PAYER, Act.ACCEPT, terms), permit))
    market.send("stranger", exchange.deliver(terms, act_of(market, PROVIDER, Act.DELIVER, terms)))
    market.send("stranger", exchange.confirm(terms, act_of(market, PAYER, Act.CONFIRM, terms)))
    detail = feedback_detail(5, TEXT_HASH)
    feedback = act_of(market, PAYER, Act.FEEDBACK, terms, detail=detail)
    market.send("stranger", exchange.give_feedback(terms, 5, TEXT_HASH, feedback))

    assert balances(market) == (1_000, 4_000, 0)
    (given,) = exchange.feedback_given(terms.agreement_id())
    assert (given.member_id, given.rating, given.text_hash) == (member_id_of(PAYER), 5, TEXT_HASH)


def test_agreements_proposed__read_back__the_terms_and_the_contracts_own_id(market: TestCommunity) -> None:
    terms, exchange = terms_of(market, PROVIDER, PAYER), market.contracts.exchange
    market.send("member 0", exchange.propose(terms, Authorization(member_id_of(PROVIDER))))
    (proposed,) = exchange.agreements_proposed()
    assert (proposed.terms, proposed.proposer) == (terms, member_id_of(PROVIDER))
    assert proposed.agreement_id == terms.agreement_id() == exchange.agreement_id(terms)


def test_confirm__before_the_delivery__typed_refusal_with_its_numbers(market: TestCommunity) -> None:
    terms = terms_of(market, PROVIDER, PAYER)
    propose_and_accept(market, terms)
    with pytest.raises(ServiceExchangeWrongState) as refusal:
        market.send("member 1", market.contracts.exchange.confirm(terms, Authorization(member_id_of(PAYER))))
    assert refusal.value.code == "contract_refused"
    assert refusal.value.agreement_id == terms.agreement_id()
    assert refusal.value.found == AgreementState.ACCEPTED
    assert refusal.value.allowed == 1 << AgreementState.DELIVERED


def test_deliver__signed_for_other_terms__typed_refusal_with_wallet_and_nonce(market: TestCommunity) -> None:
    terms = terms_of(market, PROVIDER, PAYER)
    propose_and_accept(market, terms)
    other = act_of(market, PROVIDER, Act.DELIVER, replace(terms, price_units=1))
    with pytest.raises(ServiceExchangeAuthorizationInvalid) as refusal:
        market.send("stranger", market.contracts.exchange.deliver(terms, other))
    assert (refusal.value.wallet, refusal.value.nonce) == (market.wallet(PROVIDER).address, 0)


def test_accept__while_paused__refused_and_possible_after_the_pause(market: TestCommunity) -> None:
    terms, exchange = terms_of(market, PROVIDER, PAYER), market.contracts.exchange
    market.send("member 0", exchange.propose(terms, Authorization(member_id_of(PROVIDER))))
    market.send("guardian", market.contracts.token.pause())
    acceptance = exchange.accept(terms, Authorization(member_id_of(PAYER)), permit_of(market, PAYER, 1_000))
    with pytest.raises(CommunityTokenPaused) as refusal:
        market.send("member 1", acceptance)
    assert refusal.value.paused_at <= market.client.now_s()
    market.send("community_admin", market.contracts.token.unpause())
    market.send("member 1", acceptance)
    assert exchange.agreement(terms.agreement_id()).state is AgreementState.ACCEPTED


def test_resolve__by_the_guardian__not_authorized(market: TestCommunity) -> None:
    terms = terms_of(market, PROVIDER, PAYER)
    with pytest.raises(Refused) as refusal:
        market.send("guardian", market.contracts.exchange.resolve(terms, 0))
    assert refusal.value.code == "not_authorized"


def test_resolve__disputed__split_between_provider_and_payer(market: TestCommunity) -> None:
    terms, exchange = terms_of(market, PROVIDER, PAYER), market.contracts.exchange
    propose_and_accept(market, terms)
    market.send("member 1", exchange.dispute(terms, TEXT_HASH, Authorization(member_id_of(PAYER))))
    market.send("community_admin", exchange.resolve(terms, 300))
    assert balances(market) == (300, 4_700, 0)
    assert exchange.agreement(terms.agreement_id()).state is AgreementState.RESOLVED


def test_loan__lent_and_returned__deposit_back_to_the_borrower(market: TestCommunity) -> None:
    exchange = market.contracts.exchange
    terms = terms_of(market, PROVIDER, PAYER)
    loan = replace(terms, kind=Kind.LOAN, price_units=100, deposit_units=900, return_by_s=terms.deadline_s + 86_400)
    market.send("member 0", exchange.propose(loan, Authorization(member_id_of(PROVIDER))))
    permit = permit_of(market, PAYER, 1_000)
    market.send("member 1", exchange.accept(loan, Authorization(member_id_of(PAYER)), permit))
    market.send("member 0", exchange.deliver(loan, Authorization(member_id_of(PROVIDER))))
    market.send("member 1", exchange.confirm(loan, Authorization(member_id_of(PAYER))))
    assert balances(market) == (100, 4_000, 900)
    market.send("member 0", exchange.confirm_return(loan, Authorization(member_id_of(PROVIDER))))
    assert balances(market) == (100, 4_900, 0)


@pytest.fixture
def common_work(market: TestCommunity) -> tuple[TestCommunity, Terms]:
    """Work of a citizen for a community whose Treasury has 5,000 base units; proposed and accepted."""
    community = deploy_test_community(
        *(market.chain, market.client, market.folder),
        community_id="secondo",
        policy={"budgets": {"issue_per_year_units": 5_000}},
    )
    community.join(PROVIDER)
    fund_treasury(community, 5_000)
    exchange, terms = community.contracts.exchange, terms_of(community, PROVIDER, category=6)
    community.send("community_admin", exchange.propose_for_community(terms))
    community.send("member 0", exchange.accept(terms, Authorization(member_id_of(PROVIDER))))
    community.send("member 0", exchange.deliver(terms, Authorization(member_id_of(PROVIDER))))
    return community, terms


def test_record_check__work_for_the_community__paid_by_the_treasury(
    common_work: tuple[TestCommunity, Terms],
) -> None:
    community, terms = common_work
    community.send("verifier", community.contracts.exchange.record_check(terms, CHECK_SOCIAL_VALUE))
    assert balances(community)[0] == 1_000
    assert community.contracts.token.balance_of(community.contracts.treasury.address) == 4_000


def test_resolve_for_community__platform_admin__announced_and_after_the_notice(
    common_work: tuple[TestCommunity, Terms],
) -> None:
    community, terms = common_work
    exchange, manager = community.contracts.exchange, community.contracts.access_manager
    community.send("community_admin", exchange.dispute_for_community(terms, TEXT_HASH))
    decision = exchange.resolve_for_community(terms, 250)
    with pytest.raises(AccessManagerNotScheduled):
        community.send("platform_admin", decision, "at once")
    community.send("platform_admin", manager.schedule(decision))
    community.chain.set_time(community.client.now_s() + community.spec.min_notice_s)
    community.send("platform_admin", manager.execute(decision))
    assert balances(community)[0] == 250
    assert exchange.agreement(terms.agreement_id()).state is AgreementState.RESOLVED


def test_settle__with_an_incentive_and_a_check__paid_from_the_treasury(market: TestCommunity) -> None:
    budgets = {"incentives_per_month_units": 10_000, "member_per_month_units": 10_000}
    budgets |= {"pair_per_month_units": 10_000, "issue_per_year_units": 10_000}
    community = deploy_test_community(
        market.chain, market.client, market.folder, community_id="secondo", policy={"budgets": budgets}
    )
    rule = IncentiveRule(fixed_units=50, price_bps=500, cap_units=90, provider_permille=400, required_checks=1)
    call = community.contracts.policy.schedule_incentive(1, Kind.SERVICE, rule, market.client.now_s() + 4_000)
    community.send("token_admin", call)
    market.chain.set_time(market.client.now_s() + 4_001)
    community.join_members(2)
    fund_treasury(community, 1_000)
    terms = terms_of(community, PROVIDER, PAYER, price_units=0)
    settle(community, terms)
    assert community.contracts.treasury.incentives_paid(terms.agreement_id()) == []

    community.send("verifier", community.contracts.exchange.record_check(terms, 1))

    paid = {one.member_id: one.units for one in community.contracts.treasury.incentives_paid(terms.agreement_id())}
    assert paid == {member_id_of(PROVIDER): 20, member_id_of(PAYER): 30}
    assert community.contracts.treasury.incentives_in_month_units() == 50
