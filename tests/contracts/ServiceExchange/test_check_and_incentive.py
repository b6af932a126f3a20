"""recordCheck and payIncentive: a verifier without a part finds a value, and the Treasury adds to the trade."""

import pytest
from membership import CITIZEN, join, member_id
from refusal import refused
from ServiceExchange.conftest import TOKEN
from services import ACCEPTED, PROPOSED, SETTLED, SOCIAL_VALUE, SUSTAINABILITY, states, terms_of

# The rule: one token and a tenth of the price, halved between both, if it is sustainable.
FEE, INCENTIVE = TOKEN // 2, 2 * TOKEN


@pytest.fixture
def lesson(counter, alice, bob):
    """Alice gives bob a lesson at 10 tokens; both agreed."""
    terms = terms_of(1, alice, bob, price=10 * TOKEN)
    counter.agree(terms, alice, bob)
    return terms


@pytest.fixture
def check(counter, lesson, verifier):
    """Function (bits): what the verifier found."""
    return lambda bits: counter.as_role("recordCheck", lesson, bits, sender=verifier)


@pytest.fixture
def settle(counter, lesson, alice, bob):
    """Function: alice delivers and bob confirms; returns the receipt."""

    def send():
        counter.deliver(lesson, alice)
        return counter.confirm(lesson, bob)

    return send


def test_record_check__before_the_settlement__pays_with_it(counter, check, settle, gained, alice, bob):
    check(SUSTAINABILITY)
    settle()
    assert gained(alice, bob) == [10 * TOKEN - FEE + INCENTIVE // 2, -10 * TOKEN + INCENTIVE // 2]


def test_record_check__after_the_settlement__pays_at_once(check, settle, gained, alice, bob):
    settle()
    check(SUSTAINABILITY | SOCIAL_VALUE)
    assert gained(alice, bob) == [10 * TOKEN - FEE + INCENTIVE // 2, -10 * TOKEN + INCENTIVE // 2]


def test_record_check__recorded__emits_the_event(counter, lesson, check, verifier):
    event = check(SOCIAL_VALUE).events["CheckRecorded"]
    assert (bytes(event["agreementId"]), event["verifier"], event["checks"]) == (counter.id_of(lesson), verifier, 2)


def test_record_check__twice__is_refused(counter, lesson, check):
    check(0)
    with refused("ServiceExchangeAlreadyDone", counter.id_of(lesson), bytes(32)):
        check(SUSTAINABILITY)


def test_record_check__unknown_bit__is_refused(check):
    with refused("ServiceExchangeChecksOutOfRange", 4, 3):
        check(4)


def test_record_check__not_yet_accepted__names_the_states(counter, verifier, alice, bob):
    terms = terms_of(1, alice, bob, price=1, salt=b"\x01" * 32)
    counter.propose(terms, alice)
    with refused("ServiceExchangeWrongState", counter.id_of(terms), PROPOSED, states(2, 3, 4, 6, 9, 10)):
        counter.as_role("recordCheck", terms, 1, sender=verifier)


def test_record_check__verifier_who_is_a_party__is_refused(members, registrar, counter, verifier, alice):
    join(members, registrar, verifier, CITIZEN)
    terms = terms_of(1, alice, verifier, price=0)
    counter.agree(terms, alice, verifier)
    with refused("ServiceExchangeOwnAgreement", counter.id_of(terms), member_id(verifier)):
        counter.as_role("recordCheck", terms, 1, sender=verifier)


def test_record_check__verifier_who_is_another_member__is_accepted(
    members, registrar, counter, exchange, lesson, verifier
):
    join(members, registrar, verifier, CITIZEN)
    counter.as_role("recordCheck", lesson, 1, sender=verifier)
    assert exchange.agreement(counter.id_of(lesson))["checks"] == 1


def test_settle__required_check_missing__postpones_the_incentive(counter, lesson, settle, gained, alice):
    receipt = settle()
    assert (counter.state(lesson), gained(alice)) == (SETTLED, [10 * TOKEN - FEE])
    assert "IncentivePostponed" in receipt.events


@pytest.mark.parametrize("bits", [None, 0, SOCIAL_VALUE])
def test_pay_incentive__required_check_missing__names_those_recorded(counter, lesson, check, settle, bits):
    settle()
    if bits is not None:
        check(bits)
    with refused("ServiceExchangeIncentiveNotDue", counter.id_of(lesson), bits or 0):
        counter.anybody("payIncentive", lesson)


def test_pay_incentive__paid_with_the_settlement__is_refused(counter, lesson, check, settle):
    check(SUSTAINABILITY)
    settle()
    with refused("ServiceExchangeIncentiveClosed", counter.id_of(lesson)):
        counter.anybody("payIncentive", lesson)


def test_pay_incentive__not_settled__names_the_state(counter, lesson):
    with refused("ServiceExchangeWrongState", counter.id_of(lesson), ACCEPTED, states(SETTLED)):
        counter.anybody("payIncentive", lesson)


@pytest.fixture
def checked_in_a_pause(token, guardian, community_admin, check, settle):
    """Settled before a pause, found sustainable in it."""
    settle()
    token.pause({"from": guardian})
    check(SUSTAINABILITY)
    token.unpause({"from": community_admin})


def test_pay_incentive__checked_in_a_pause__is_paid_by_anybody_afterwards(
    counter, lesson, checked_in_a_pause, gained, alice
):
    counter.anybody("payIncentive", lesson)
    assert gained(alice) == [10 * TOKEN - FEE + INCENTIVE // 2]


@pytest.fixture
def treasury_empty(treasury, token, token_admin):
    treasury.burn(token.balanceOf(treasury), {"from": token_admin})


def test_settle__treasury_empty__is_not_held_up(counter, treasury_empty, lesson, check, settle, gained, alice):
    check(SUSTAINABILITY)
    receipt = settle()
    assert (counter.state(lesson), receipt.events["IncentiveReduced"]["wanted"]) == (SETTLED, INCENTIVE)
    # The fee of the trade itself is all that the Treasury has to give.
    assert gained(alice) == [10 * TOKEN - FEE + FEE // 2]


def test_settle__no_rule_for_the_kind__closes_without_incentive(counter, shop, bob):
    terms = terms_of(3, shop, bob, price=10 * TOKEN)
    counter.settle(terms, shop, bob)
    with refused("ServiceExchangeIncentiveClosed", counter.id_of(terms)):
        counter.anybody("payIncentive", terms)


# ----------------------------------------------------------------------------------------------------- FEEDBACK


def test_give_feedback__settled__publishes_rating_and_hash(counter, lesson, settle, bob):
    settle()
    event = counter.feedback(lesson, bob, 5, b"\x03" * 32).events["FeedbackGiven"]
    assert (bytes(event["memberId"]), event["rating"], bytes(event["textHash"])) == (member_id(bob), 5, b"\x03" * 32)


@pytest.mark.parametrize("rating", [0, 6, 255])
def test_give_feedback__rating_out_of_range__names_it(counter, lesson, settle, bob, rating):
    settle()
    with refused("ServiceExchangeRatingOutOfRange", rating, 1, 5):
        counter.feedback(lesson, bob, rating)


def test_give_feedback__twice__is_refused(counter, lesson, settle, bob):
    settle()
    counter.feedback(lesson, bob, 5)
    with refused("ServiceExchangeAlreadyDone", counter.id_of(lesson), member_id(bob)):
        counter.feedback(lesson, bob, 1)


def test_give_feedback__by_both__is_possible(counter, exchange, lesson, settle, alice, bob):
    settle()
    counter.feedback(lesson, bob, 5)
    counter.feedback(lesson, alice, 4)
    assert exchange.agreement(counter.id_of(lesson))["marks"] == (1 << 32) | 1


def test_give_feedback__before_the_end__names_the_states(counter, lesson, bob):
    with refused("ServiceExchangeWrongState", counter.id_of(lesson), ACCEPTED, states(4, 7)):
        counter.feedback(lesson, bob, 5)


def test_give_feedback__by_a_stranger__is_refused(counter, lesson, settle, dora):
    settle()
    with refused("ServiceExchangeNotParty", counter.id_of(lesson), member_id(dora)):
        counter.feedback(lesson, dora, 5)


def test_give_feedback__in_a_pause__is_possible(token, guardian, counter, lesson, settle, bob):
    settle()
    token.pause({"from": guardian})
    assert "FeedbackGiven" in counter.feedback(lesson, bob, 5).events


def test_due_at__settled__is_none(exchange, lesson, settle):
    settle()
    assert exchange.dueAt(tuple(lesson.values())) == 0
