"""accept: every other party consents and funds its share; the last consent makes the agreement."""

import clock
import policies
import pytest
from membership import join, member_id
from refusal import refused
from ServiceExchange.conftest import TOKEN
from services import ACCEPTED, PROPOSED, TIME_BANK, states, terms_of


@pytest.fixture
def course(counter, alice, bob, carol, hall):
    """Alice proposed a course at 7 base units, and 2 for the hall, to bob and carol."""
    terms = terms_of(2, alice, bob, carol, structure=hall, price=7, compensationUnits=2)
    counter.propose(terms, alice)
    return terms


def payers_in_order(terms, *wallets):
    """The payers' wallets as the terms name them."""
    by_id = {member_id(wallet): wallet for wallet in wallets}
    return [by_id[payer] for payer in terms["payers"]]


def test_accept__shares__are_equal_and_the_first_bears_the_rest(counter, course, gained, held, bob, carol):
    first, second = payers_in_order(course, bob, carol)
    counter.accept(course, first)
    counter.accept(course, second)
    assert (gained(first, second), held()) == ([-5, -4], 9)


def test_accept__some_but_not_all__stays_proposed(counter, course, bob, carol):
    counter.accept(course, bob)
    counter.accept(course, carol)
    assert counter.state(course) == PROPOSED


def test_accept__all__is_accepted_at_that_moment(counter, exchange, course, bob, carol, hall):
    for wallet in (bob, carol):
        counter.accept(course, wallet)
    receipt = counter.accept(course, hall)
    found = exchange.agreement(counter.id_of(course))
    assert (found["state"], found["acceptedAt"]) == (ACCEPTED, receipt.timestamp)
    assert "AgreementAccepted" in receipt.events


def test_accept__by_the_owner_of_the_structure_first__is_possible(counter, course, bob, carol, hall):
    for wallet in (hall, carol, bob):
        counter.accept(course, wallet)
    assert counter.state(course) == ACCEPTED


def test_accept__consent__says_the_share(counter, course, bob, carol):
    first, _ = payers_in_order(course, bob, carol)
    event = counter.accept(course, first).events["ConsentGiven"]
    assert (bytes(event["memberId"]), event["units"]) == (member_id(first), 5)


def test_accept__by_the_proposer__is_refused(counter, course, alice):
    with refused("ServiceExchangeAlreadyDone", counter.id_of(course), member_id(alice)):
        counter.accept(course, alice)


def test_accept__twice__is_refused(counter, course, bob):
    counter.accept(course, bob)
    with refused("ServiceExchangeAlreadyDone", counter.id_of(course), member_id(bob)):
        counter.accept(course, bob)


def test_accept__by_a_stranger__is_refused(counter, course, dora):
    with refused("ServiceExchangeNotParty", counter.id_of(course), member_id(dora)):
        counter.accept(course, dora)


def test_accept__never_proposed__is_refused(counter, course, bob):
    other = course | {"priceUnits": 8}
    with refused("ServiceExchangeWrongState", counter.id_of(other), 0, states(PROPOSED)):
        counter.accept(other, bob)


@pytest.mark.parametrize("late_s", [0, 1])
def test_accept__around_the_deadline__is_possible_to_the_second(counter, course, bob, late_s):
    clock.next_block_at(course["deadline"] + late_s)
    if not late_s:
        counter.accept(course, bob)
        assert counter.state(course) == PROPOSED
        return
    with refused("ServiceExchangeTooLate", counter.id_of(course), course["deadline"] + 1, course["deadline"]):
        counter.accept(course, bob)


def test_accept__payer_without_means__names_them_and_changes_nothing(token, counter, course, held, bob, carol):
    first, second = payers_in_order(course, bob, carol)
    token.transfer(second, token.balanceOf(first), {"from": first})
    with refused("ERC20InsufficientBalance", first, 0, 5):
        counter.accept(course, first)
    assert held() == 0


def test_accept__frozen_payer__is_refused(members, community_admin, counter, course, bob):
    members.freeze(member_id(bob), {"from": community_admin})
    with refused("ServiceExchangeWrongStatus", member_id(bob), 2):
        counter.accept(course, bob)


def test_accept__payer_who_became_a_stakeholder__is_refused(members, registrar, counter, course, bob):
    members.leave(member_id(bob), 0, b"", {"from": bob})
    join(members, registrar, bob, 2)
    with refused("ServiceExchangeWrongClass", member_id(bob), 2, 1):
        counter.accept(course, bob)


def test_accept__price_of_an_hour_changed_since__is_refused(policy, token_admin, counter, alice, bob):
    terms = terms_of(1, alice, bob, kind=TIME_BANK, price=10 * TOKEN, durationMinutes=60)
    counter.propose(terms, alice)
    valid_from = clock.now_s() + 8 * clock.DAY_S
    dearer = policies.struct(policies.RATES, unitsPerHour=12 * TOKEN)
    policy.scheduleRates(dearer, valid_from, {"from": token_admin})
    clock.move_to(valid_from)
    with refused("ServiceExchangeWrongTimePrice", 10 * TOKEN, 12 * TOKEN):
        counter.accept(terms, bob)


# ------------------------------------------------------------------------------------------------------ PERMITS


@pytest.fixture
def without_allowance(token, exchange, bob, carol):
    """Bob and carol allow the exchange nothing."""
    for wallet in (bob, carol):
        token.approve(exchange, 0, {"from": wallet})


def test_accept__with_a_permit__needs_no_allowance(counter, course, without_allowance, held, bob, carol):
    first, _ = payers_in_order(course, bob, carol)
    counter.accept(course, first, counter.permit(first, 5))
    assert held() == 5


def test_accept__without_permit_and_allowance__names_both(exchange, counter, course, without_allowance, bob, carol):
    first, _ = payers_in_order(course, bob, carol)
    with refused("ERC20InsufficientAllowance", exchange, 0, 5):
        counter.accept(course, first)


def test_accept__permit_used_by_somebody_before__does_not_matter(
    token, exchange, counter, course, without_allowance, held, bob, carol
):
    """Whoever sees the permit in a pending transaction may use it: what counts is the allowance."""
    first, second = payers_in_order(course, bob, carol)
    units, until, *signature = counter.permit(first, 5)
    token.permit(first, exchange, units, until, *signature, {"from": second})
    counter.accept(course, first, (units, until, *signature))
    assert held() == 5


def test_accept__expired_permit__leaves_the_allowance_to_decide(
    exchange, counter, course, without_allowance, bob, carol
):
    first, _ = payers_in_order(course, bob, carol)
    expired = counter.permit(first, 5, deadline=clock.now_s() - 1)
    with refused("ERC20InsufficientAllowance", exchange, 0, 5):
        counter.accept(course, first, expired)


def test_accept__permit_over_too_little__names_both(exchange, counter, course, without_allowance, bob, carol):
    first, _ = payers_in_order(course, bob, carol)
    with refused("ERC20InsufficientAllowance", exchange, 4, 5):
        counter.accept(course, first, counter.permit(first, 4))


def test_accept__permit_of_somebody_else__is_worth_nothing(exchange, counter, course, without_allowance, bob, carol):
    first, second = payers_in_order(course, bob, carol)
    with refused("ERC20InsufficientAllowance", exchange, 0, 5):
        counter.accept(course, first, counter.permit(second, 5))
