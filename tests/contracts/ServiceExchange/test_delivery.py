"""deliver, confirm and release: the provider delivers, the payers confirm or are silent, the escrow is released."""

import clock
import deployment
import policies
import pytest
from membership import CITIZEN, member_id
from refusal import refused
from ServiceExchange.conftest import TOKEN
from services import ACCEPTED, DELIVERED, NEW_GOODS, SETTLED, states, terms_of
from typed_data import sign_join

PERIOD_S = deployment.CONFIRMATION_PERIOD_S


@pytest.fixture
def course(counter, alice, bob, carol, hall):
    """An accepted course of alice for bob and carol at 8 tokens, and 2 for the hall."""
    terms = terms_of(2, alice, bob, carol, structure=hall, price=8 * TOKEN, compensationUnits=2 * TOKEN)
    counter.agree(terms, alice, bob, carol, hall)
    return terms


@pytest.fixture
def delivered_at(counter, course, alice):
    """The course was given; the moment of it (unix seconds)."""
    return counter.deliver(course, alice).timestamp


@pytest.fixture
def confirm_all(counter, course, delivered_at, bob, carol):
    """Function: both payers confirm; returns the last receipt."""

    def send():
        counter.confirm(course, bob)
        return counter.confirm(course, carol)

    return send


def test_deliver__by_the_provider__is_delivered_and_moves_nothing(counter, course, held, alice):
    receipt = counter.deliver(course, alice)
    assert (counter.state(course), held(), "AgreementDelivered" in receipt.events) == (DELIVERED, 10 * TOKEN, True)


@pytest.mark.parametrize("late_s", [0, 1])
def test_deliver__around_the_deadline__is_possible_to_the_second(counter, course, alice, late_s):
    clock.next_block_at(course["deadline"] + late_s)
    if late_s == 0:
        counter.deliver(course, alice)
        assert counter.state(course) == DELIVERED
        return
    with refused("ServiceExchangeTooLate", counter.id_of(course), course["deadline"] + 1, course["deadline"]):
        counter.deliver(course, alice)


def test_deliver__by_a_payer__is_refused(counter, course, bob):
    with refused("ServiceExchangeNotParty", counter.id_of(course), member_id(bob)):
        counter.deliver(course, bob)


def test_deliver__not_yet_accepted__names_the_state(counter, course, alice, bob):
    other = course | {"salt": b"\x01" * 32}
    counter.propose(other, alice)
    with refused("ServiceExchangeWrongState", counter.id_of(other), 1, states(ACCEPTED)):
        counter.deliver(other, alice)


def test_deliver__in_a_pause__is_possible(token, guardian, counter, course, alice):
    token.pause({"from": guardian})
    counter.deliver(course, alice)
    assert counter.state(course) == DELIVERED


def test_confirm__by_one_of_two__moves_nothing_yet(counter, course, delivered_at, held, bob):
    event = counter.confirm(course, bob).events["DeliveryConfirmed"]
    assert (bytes(event["memberId"]), held()) == (member_id(bob), 10 * TOKEN)


def test_confirm__by_all__pays_provider_and_structure_less_the_fees(confirm_all, gained, held, alice, hall):
    confirm_all()
    assert gained(alice, hall) == [760 * TOKEN // 100, 188 * TOKEN // 100]  # 5 percent of 8, 6 percent of 2
    assert held() == 0


def test_confirm__by_all__is_settled(counter, course, confirm_all):
    confirm_all()
    assert counter.state(course) == SETTLED


def test_confirm__by_all__fees_go_to_the_treasury(token, treasury, confirm_all):
    before = token.balanceOf(treasury)
    confirm_all()
    assert token.balanceOf(treasury) - before == 52 * TOKEN // 100


def test_confirm__by_all__says_each_fee(exchange, confirm_all, alice, hall):
    fees = [dict(event) for event in confirm_all().events["FeeCharged"]]
    assert fees == [
        {"from": exchange, "to": alice, "amount": 8 * TOKEN, "fee": 4 * TOKEN // 10, "flow": 1},
        {"from": exchange, "to": hall, "amount": 2 * TOKEN, "fee": 12 * TOKEN // 100, "flow": 1},
    ]


def test_confirm__twice_by_the_same__is_refused(counter, course, delivered_at, bob):
    counter.confirm(course, bob)
    with refused("ServiceExchangeAlreadyDone", counter.id_of(course), member_id(bob)):
        counter.confirm(course, bob)


@pytest.mark.parametrize("who", ["alice", "hall"])
def test_confirm__by_who_pays_nothing__is_refused(request, counter, course, delivered_at, who):
    wallet = request.getfixturevalue(who)
    with refused("ServiceExchangeNotParty", counter.id_of(course), member_id(wallet)):
        counter.confirm(course, wallet)


def test_confirm__not_delivered__names_the_state(counter, course, bob):
    with refused("ServiceExchangeWrongState", counter.id_of(course), ACCEPTED, states(DELIVERED)):
        counter.confirm(course, bob)


def test_confirm__frozen_payer__is_refused(members, community_admin, counter, course, delivered_at, bob):
    members.freeze(member_id(bob), {"from": community_admin})
    with refused("ServiceExchangeWrongStatus", member_id(bob), 2):
        counter.confirm(course, bob)


def test_confirm__in_a_pause__waits(token, guardian, counter, course, delivered_at, bob, carol):
    counter.confirm(course, bob)
    paused_at = token.pause({"from": guardian}).timestamp
    with refused("CommunityTokenPaused", paused_at):
        counter.confirm(course, carol)


def test_confirm__provider_replaced_its_wallet__pays_the_new_one(members, token, confirm_all, alice, outsider):
    deadline = clock.now_s() + clock.DAY_S
    consent = sign_join(outsider, members, member_id(alice), CITIZEN, 0, deadline)
    members.replaceWallet(member_id(alice), outsider, deadline, b"", consent, {"from": alice})
    confirm_all()
    assert token.balanceOf(outsider) == 100 * TOKEN + 760 * TOKEN // 100


@pytest.mark.parametrize("status", [2, 3, 4])
def test_confirm__provider_frozen_or_gone__is_paid_all_the_same(
    members, community_admin, confirm_all, gained, alice, status
):
    if status in {2, 4}:
        members.freeze(member_id(alice), {"from": community_admin})
    if status in {3, 4}:
        members.leave(member_id(alice), 0, b"", {"from": alice})
    confirm_all()
    assert gained(alice) == [760 * TOKEN // 100]


def test_release__silence_of_the_period__pays_as_a_confirmation(counter, course, delivered_at, gained, held, alice):
    clock.next_block_at(delivered_at + PERIOD_S + 1)
    counter.anybody("release", course)
    assert (counter.state(course), gained(alice), held()) == (SETTLED, [760 * TOKEN // 100], 0)


def test_release__in_the_period__names_its_end(counter, course, delivered_at):
    due = delivered_at + PERIOD_S
    clock.next_block_at(due)
    with refused("ServiceExchangeTooEarly", counter.id_of(course), due, due + 1):
        counter.anybody("release", course)


def test_release__twice__names_the_state(counter, course, delivered_at):
    clock.next_block_at(delivered_at + PERIOD_S + 1)
    counter.anybody("release", course)
    with refused("ServiceExchangeWrongState", counter.id_of(course), SETTLED, states(DELIVERED)):
        counter.anybody("release", course)


def test_release__after_a_pause_in_the_period__waits_as_long_again(
    token, guardian, community_admin, counter, course, delivered_at
):
    clock.next_block_at(delivered_at + 100)
    token.pause({"from": guardian})
    clock.next_block_at(delivered_at + 400)
    token.unpause({"from": community_admin})
    due = delivered_at + PERIOD_S + 300
    clock.next_block_at(due)
    with refused("ServiceExchangeTooEarly", counter.id_of(course), due, due + 1):
        counter.anybody("release", course)


def test_confirm__fees_changed_after_acceptance__are_those_of_acceptance(
    policy, token_admin, counter, course, gained, alice, bob, carol
):
    valid_from = clock.now_s() + 8 * clock.DAY_S
    dear = policies.struct(policies.SERVICE_FEES, serviceCitizenToCitizen=2000)
    policy.scheduleFees(dear, valid_from, {"from": token_admin})
    clock.move_to(valid_from)
    counter.deliver(course, alice)
    counter.confirm(course, bob)
    counter.confirm(course, carol)
    assert gained(alice) == [760 * TOKEN // 100]


def test_confirm__new_goods__pays_the_buyer_what_the_reseller_gave(counter, gained, held, shop, bob):
    terms = terms_of(3, shop, bob, kind=NEW_GOODS, price=10 * TOKEN)
    counter.settle(terms, shop, bob)
    assert (gained(shop, bob), held()) == ([-10 * TOKEN, 93 * TOKEN // 10], 0)  # stakeholder to citizen: 7 percent


def test_confirm__for_nothing__settles(counter, alice, bob):
    terms = terms_of(1, alice, bob, price=0)
    counter.settle(terms, alice, bob)
    assert counter.state(terms) == SETTLED
