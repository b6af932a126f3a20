"""cancel and expire: how an agreement ends without being kept, and everybody has back what was given."""

import clock
import pytest
from membership import member_id
from people import acting_as
from refusal import refused
from ServiceExchange.conftest import TOKEN
from services import ACCEPTED, CANCELLED, DELIVERED, EXPIRED, PROPOSED, SETTLED, states, terms_of


@pytest.fixture
def course(counter, alice, bob, carol, hall):
    """Alice proposed a course at 8 tokens, and 2 for the hall, to bob and carol; carol consented."""
    terms = terms_of(2, alice, bob, carol, structure=hall, price=8 * TOKEN, compensationUnits=2 * TOKEN)
    counter.propose(terms, alice)
    counter.accept(terms, carol)
    return terms


@pytest.fixture
def accepted(counter, course, bob, hall):
    """All four consent, ten tokens are in escrow."""
    counter.accept(course, bob)
    counter.accept(course, hall)
    return course


@pytest.fixture
def parties(alice, bob, carol, hall):
    """Everybody who agreed."""
    return alice, bob, carol, hall


@pytest.fixture
def suspended(registry, accounts, token):
    token.setSuspended(True, {"from": acting_as(accounts, registry)})


def test_cancel__by_the_proposer_before_acceptance__refunds_who_consented(counter, course, gained, held, alice, carol):
    counter.cancel(course, alice)
    assert (counter.state(course), gained(carol), held()) == (CANCELLED, [0], 0)


def test_cancel__by_the_proposer_before_acceptance__says_so(counter, course, alice):
    receipt = counter.cancel(course, alice)
    assert bytes(receipt.events["AgreementCancelled"]["agreementId"]) == counter.id_of(course)


def test_cancel__by_another_before_acceptance__takes_back_its_share_alone(counter, course, gained, held, carol):
    event = counter.cancel(course, carol).events["ConsentWithdrawn"]
    assert (bytes(event["memberId"]), event["units"]) == (member_id(carol), 5 * TOKEN)
    assert (counter.state(course), gained(carol), held()) == (PROPOSED, [0], 0)


def test_cancel__then_accept_again__is_possible(counter, course, held, carol):
    counter.cancel(course, carol)
    counter.accept(course, carol)
    assert held() == 5 * TOKEN


def test_cancel__without_consent__is_refused(counter, course, bob):
    with refused("ServiceExchangeNoConsent", counter.id_of(course), member_id(bob)):
        counter.cancel(course, bob)


def test_cancel__by_a_stranger__is_refused(counter, course, dora):
    with refused("ServiceExchangeNotParty", counter.id_of(course), member_id(dora)):
        counter.cancel(course, dora)


def test_cancel__by_some_after_acceptance__changes_nothing_yet(counter, accepted, held, alice, bob, carol):
    for wallet in (alice, bob, carol):
        counter.cancel(accepted, wallet)
    assert (counter.state(accepted), held()) == (ACCEPTED, 10 * TOKEN)


@pytest.mark.parametrize("delivered", [False, True])
def test_cancel__by_all_after_acceptance__refunds_the_payers(counter, accepted, gained, held, parties, delivered):
    if delivered:
        counter.deliver(accepted, parties[0])
    for wallet in parties:
        counter.cancel(accepted, wallet)
    assert (counter.state(accepted), gained(*parties), held()) == (CANCELLED, [0, 0, 0, 0], 0)


def test_cancel__twice_by_the_same__is_refused(counter, accepted, bob):
    counter.cancel(accepted, bob)
    with refused("ServiceExchangeNoConsent", counter.id_of(accepted), member_id(bob)):
        counter.cancel(accepted, bob)


def test_deliver__after_withdrawing__takes_the_withdrawal_back(counter, accepted, held, alice, bob, carol, hall):
    counter.cancel(accepted, alice)
    counter.deliver(accepted, alice)
    for wallet in (bob, carol, hall):
        counter.cancel(accepted, wallet)
    assert (counter.state(accepted), held()) == (DELIVERED, 10 * TOKEN)


def test_cancel__settled__names_the_state(counter, accepted, alice, bob, carol):
    counter.deliver(accepted, alice)
    counter.confirm(accepted, bob)
    counter.confirm(accepted, carol)
    with refused("ServiceExchangeWrongState", counter.id_of(accepted), SETTLED, states(1, 2, 3)):
        counter.cancel(accepted, bob)


def test_cancel__to_a_frozen_and_a_departed_payer__arrives(
    members, community_admin, counter, course, gained, alice, carol
):
    members.freeze(member_id(carol), {"from": community_admin})
    members.leave(member_id(carol), 0, b"", {"from": carol})
    counter.cancel(course, alice)
    assert gained(carol) == [0]


def test_expire__proposed__refunds_who_consented(counter, course, gained, held, carol):
    clock.next_block_at(course["deadline"] + 1)
    receipt = counter.anybody("expire", course)
    assert (counter.state(course), gained(carol), held()) == (EXPIRED, [0], 0)
    assert "AgreementExpired" in receipt.events


def test_expire__accepted__refunds_all(counter, accepted, gained, held, bob, carol):
    clock.next_block_at(accepted["deadline"] + 1)
    counter.anybody("expire", accepted)
    assert (gained(bob, carol), held()) == ([0, 0], 0)


def test_expire__at_the_deadline__is_too_early(counter, accepted):
    due = accepted["deadline"]
    clock.next_block_at(due)
    with refused("ServiceExchangeTooEarly", counter.id_of(accepted), due, due + 1):
        counter.anybody("expire", accepted)


def test_expire__delivered__is_refused(counter, accepted, alice):
    counter.deliver(accepted, alice)
    clock.next_block_at(accepted["deadline"] + 1)
    with refused("ServiceExchangeWrongState", counter.id_of(accepted), DELIVERED, states(1, 2)):
        counter.anybody("expire", accepted)


def test_expire__after_a_pause__waits_as_long_again(token, guardian, community_admin, counter, exchange, accepted):
    paused_at = token.pause({"from": guardian}).timestamp
    clock.next_block_at(paused_at + 500)
    token.unpause({"from": community_admin})
    assert exchange.dueAt(tuple(accepted.values())) == accepted["deadline"] + 500
    clock.next_block_at(accepted["deadline"] + 500)
    with refused(
        "ServiceExchangeTooEarly", counter.id_of(accepted), accepted["deadline"] + 500, accepted["deadline"] + 501
    ):
        counter.anybody("expire", accepted)


def test_cancel__in_a_pause__moves_nothing(token, guardian, counter, course, carol):
    paused_at = token.pause({"from": guardian}).timestamp
    with refused("CommunityTokenPaused", paused_at):
        counter.cancel(course, carol)


@pytest.mark.parametrize("function", ["propose", "accept"])
def test_consent__in_a_pause__is_refused(token, guardian, counter, course, bob, function):
    terms = course if function == "accept" else course | {"salt": b"\x01" * 32}
    paused_at = token.pause({"from": guardian}).timestamp
    with refused("CommunityTokenPaused", paused_at):
        getattr(counter, function)(terms, bob)


@pytest.mark.parametrize("function", ["propose", "accept"])
def test_consent__suspended_community__is_refused(course, suspended, counter, bob, function):
    terms = course if function == "accept" else course | {"salt": b"\x01" * 32}
    with refused("CommunityTokenSuspended"):
        getattr(counter, function)(terms, bob)


def test_suspended__whatever_was_agreed__goes_on_to_the_end(accepted, suspended, counter, held, alice, bob, carol):
    counter.deliver(accepted, alice)
    counter.confirm(accepted, bob)
    counter.confirm(accepted, carol)
    assert held() == 0
