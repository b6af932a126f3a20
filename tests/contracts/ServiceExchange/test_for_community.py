"""Categories 6 to 8: the Treasury pays, a verifier confirms, the platform administrator resolves."""

import clock
import pytest
from membership import CITIZEN, join, member_id
from refusal import refused
from ServiceExchange.conftest import TOKEN
from services import (
    ACCEPTED,
    CANCELLED,
    DELIVERED,
    DISPUTED,
    EXPIRED,
    NOTHING,
    PROPOSED,
    RESOLVED,
    SETTLED,
    states,
    terms_of,
)

FILLED = 1_000 * TOKEN


@pytest.fixture
def evening(alice, hall):
    """Alice hosts an evening for all in the hall: 5 tokens, and 2 for the hall."""
    return terms_of(8, alice, structure=hall, price=5 * TOKEN, compensationUnits=2 * TOKEN)


@pytest.fixture
def accepted(counter, evening, community_admin, alice, hall):
    counter.agree(evening, alice, hall)
    counter.as_role("acceptForCommunity", evening, sender=community_admin)
    return evening


@pytest.fixture
def delivered(counter, accepted, alice):
    counter.deliver(accepted, alice)
    return accepted


@pytest.fixture
def check(counter, verifier):
    """Function (terms, bits): what the verifier found."""
    return lambda terms, bits: counter.as_role("recordCheck", terms, bits, sender=verifier)


@pytest.fixture
def spent(token, treasury):
    """Function: base units that left the Treasury."""
    return lambda: FILLED - token.balanceOf(treasury)


def test_accept_for_community__last__funds_everything_from_the_treasury(counter, token, treasury, accepted, held):
    assert counter.state(accepted) == ACCEPTED
    assert (held(), token.balanceOf(treasury)) == (7 * TOKEN, FILLED - 7 * TOKEN)


def test_propose_for_community__first__funds_everything_from_the_treasury(counter, evening, community_admin, held):
    receipt = counter.as_role("proposeForCommunity", evening, sender=community_admin)
    assert (counter.state(evening), held()) == (PROPOSED, 7 * TOKEN)
    assert bytes(receipt.events["AgreementProposed"]["proposer"]) == NOTHING


def test_propose_for_community__members_accept__is_accepted(counter, evening, community_admin, alice, hall):
    counter.as_role("proposeForCommunity", evening, sender=community_admin)
    counter.accept(evening, hall)
    counter.accept(evening, alice)
    assert counter.state(evening) == ACCEPTED


@pytest.mark.parametrize("function", ["proposeForCommunity", "acceptForCommunity"])
def test_consent_for_community__in_a_members_trade__is_refused(counter, community_admin, alice, bob, function):
    terms = terms_of(1, alice, bob, price=1)
    with refused("ServiceExchangeWrongCategory", counter.id_of(terms), 1):
        counter.as_role(function, terms, sender=community_admin)


def test_accept_for_community__treasury_too_small__names_both(treasury, counter, evening, community_admin, alice):
    dear = evening | {"priceUnits": FILLED}
    counter.propose(dear, alice)
    with refused("ERC20InsufficientBalance", treasury, FILLED, FILLED + 2 * TOKEN):
        counter.as_role("acceptForCommunity", dear, sender=community_admin)


def test_accept_for_community__administrator_who_provides__is_refused(members, registrar, counter, community_admin):
    join(members, registrar, community_admin, CITIZEN)
    terms = terms_of(6, community_admin, price=5)
    counter.propose(terms, community_admin)
    with refused("ServiceExchangeOwnAgreement", counter.id_of(terms), member_id(community_admin)):
        counter.as_role("acceptForCommunity", terms, sender=community_admin)


def test_cancel_for_community__before_acceptance__gives_the_treasury_its_tokens_back(
    counter, token, treasury, evening, community_admin
):
    counter.as_role("proposeForCommunity", evening, sender=community_admin)
    counter.as_role("cancelForCommunity", evening, sender=community_admin)
    assert (counter.state(evening), token.balanceOf(treasury)) == (CANCELLED, FILLED)


def test_cancel__by_all_after_acceptance__gives_the_treasury_its_tokens_back(
    counter, token, treasury, accepted, community_admin, alice, hall
):
    counter.cancel(accepted, alice)
    counter.cancel(accepted, hall)
    counter.as_role("cancelForCommunity", accepted, sender=community_admin)
    assert (counter.state(accepted), token.balanceOf(treasury)) == (CANCELLED, FILLED)


def test_expire__accepted__gives_the_treasury_its_tokens_back(counter, token, treasury, accepted):
    clock.next_block_at(accepted["deadline"] + 1)
    counter.anybody("expire", accepted)
    assert (counter.state(accepted), token.balanceOf(treasury)) == (EXPIRED, FILLED)


@pytest.mark.parametrize("bits", [1, 2, 3])
def test_record_check__positive__pays_both_without_a_fee(counter, delivered, check, gained, held, alice, hall, bits):
    check(delivered, bits)
    assert (counter.state(delivered), gained(alice, hall), held()) == (SETTLED, [5 * TOKEN, 2 * TOKEN], 0)


def test_record_check__negative__disputes(counter, delivered, check, held):
    receipt = check(delivered, 0)
    assert (counter.state(delivered), held()) == (DISPUTED, 7 * TOKEN)
    assert bytes(receipt.events["AgreementDisputed"]["memberId"]) == NOTHING


def test_record_check__before_delivery__names_the_state(counter, accepted, check):
    with refused("ServiceExchangeWrongState", counter.id_of(accepted), ACCEPTED, states(DELIVERED)):
        check(accepted, 3)


def test_release__silence_of_the_verifier__pays_too(counter, delivered, gained, alice):
    clock.move_to(clock.now_s() + 8 * clock.DAY_S)
    counter.anybody("release", delivered)
    assert gained(alice) == [5 * TOKEN]


def test_confirm__by_the_provider_itself__is_refused(counter, delivered, alice):
    with refused("ServiceExchangeNotParty", counter.id_of(delivered), member_id(alice)):
        counter.confirm(delivered, alice)


def test_dispute_for_community__delivered__stops_the_escrow(counter, delivered, community_admin):
    counter.as_role("disputeForCommunity", delivered, NOTHING, sender=community_admin)
    assert counter.state(delivered) == DISPUTED


def test_dispute_for_community__of_a_members_trade__is_refused(counter, community_admin, alice, bob):
    terms = terms_of(1, alice, bob, price=1)
    counter.agree(terms, alice, bob)
    with refused("ServiceExchangeWrongCategory", counter.id_of(terms), 1):
        counter.as_role("disputeForCommunity", terms, NOTHING, sender=community_admin)


def test_resolve_for_community__by_the_platform__splits_without_a_fee(
    counter, delivered, check, platform_admin, gained, spent, alice, hall
):
    check(delivered, 0)
    counter.as_role("resolveForCommunity", delivered, 1 * TOKEN, 2 * TOKEN, sender=platform_admin)
    assert (counter.state(delivered), gained(alice, hall), spent()) == (RESOLVED, [1 * TOKEN, 2 * TOKEN], 3 * TOKEN)


def test_resolve__by_the_community_admin__is_refused(counter, delivered, check, community_admin):
    """Whoever spends the community's tokens does not decide about them."""
    check(delivered, 0)
    with refused("ServiceExchangeWrongCategory", counter.id_of(delivered), 8):
        counter.as_role("resolve", delivered, 0, 0, sender=community_admin)


def test_settled__for_the_community__earns_no_incentive(counter, delivered, check):
    receipt = check(delivered, 3)
    assert "IncentivePaid" not in receipt.events
    with refused("ServiceExchangeIncentiveClosed", counter.id_of(delivered)):
        counter.anybody("payIncentive", delivered)
