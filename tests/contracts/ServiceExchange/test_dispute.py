"""dispute, resolve and refundUndecided: who disagrees stops the escrow; somebody else decides, or time does."""

import clock
import pytest
from membership import CITIZEN, join, member_id
from refusal import refused
from ServiceExchange.conftest import TOKEN
from services import ACCEPTED, DISPUTED, PROPOSED, RESOLVED, SETTLED, states, terms_of

REASON = b"\x1e" * 32
SIXTY_DAYS_S = 60 * clock.DAY_S


@pytest.fixture
def course(counter, alice, bob, carol, hall):
    """A course of alice for bob and carol at 8 tokens, and 2 for the hall; she gave it."""
    terms = terms_of(2, alice, bob, carol, structure=hall, price=8 * TOKEN, compensationUnits=2 * TOKEN)
    counter.agree(terms, alice, bob, carol, hall)
    counter.deliver(terms, alice)
    return terms


@pytest.fixture
def disputed_at(counter, course, bob):
    """Bob disputes it; the moment of it (unix seconds)."""
    return counter.dispute(course, bob, REASON).timestamp


@pytest.fixture
def resolve(counter, course, community_admin):
    """Function (to receiver, to structure): decide as the community administrator."""
    return lambda receiver, structure: counter.as_role("resolve", course, receiver, structure, sender=community_admin)


@pytest.mark.parametrize("who", ["alice", "bob", "hall"])
def test_dispute__by_any_party__stops_the_escrow(request, counter, course, held, who):
    counter.dispute(course, request.getfixturevalue(who), REASON)
    assert (counter.state(course), held()) == (DISPUTED, 10 * TOKEN)


def test_dispute__reason__is_published_as_its_hash(counter, course, bob):
    event = counter.dispute(course, bob, REASON).events["AgreementDisputed"]
    assert (bytes(event["memberId"]), bytes(event["reasonHash"])) == (member_id(bob), REASON)


def test_dispute__signed_reason__is_part_of_the_act(counter, course, bob):
    signature = counter.sign("dispute", course, bob, detail=b"\x02" * 32)
    with refused("ServiceExchangeAuthorizationInvalid", bob, 0):
        counter.dispute(course, bob, REASON, signature=signature)


def test_dispute__in_a_pause__is_possible(token, guardian, counter, course, bob):
    token.pause({"from": guardian})
    counter.dispute(course, bob)
    assert counter.state(course) == DISPUTED


def test_dispute__by_a_stranger__is_refused(counter, course, dora):
    with refused("ServiceExchangeNotParty", counter.id_of(course), member_id(dora)):
        counter.dispute(course, dora)


def test_dispute__not_yet_accepted__names_the_states(counter, course, alice):
    other = course | {"salt": b"\x01" * 32}
    counter.propose(other, alice)
    with refused("ServiceExchangeWrongState", counter.id_of(other), PROPOSED, states(2, 3, 9, 10)):
        counter.dispute(other, alice)


def test_dispute__settled__names_the_states(counter, course, alice, bob, carol):
    counter.confirm(course, bob)
    counter.confirm(course, carol)
    with refused("ServiceExchangeWrongState", counter.id_of(course), SETTLED, states(2, 3, 9, 10)):
        counter.dispute(course, bob)


def test_confirm__disputed__names_the_state(counter, course, disputed_at, carol):
    with refused("ServiceExchangeWrongState", counter.id_of(course), DISPUTED, states(3)):
        counter.confirm(course, carol)


def test_resolve__half_and_half__pays_provider_and_structure_less_the_fees(disputed_at, resolve, gained, alice, hall):
    resolve(4 * TOKEN, 2 * TOKEN)
    assert gained(alice, hall) == [38 * TOKEN // 10, 188 * TOKEN // 100]


def test_resolve__half_and_half__refunds_the_rest_without_fee(disputed_at, resolve, gained, held, bob, carol):
    resolve(4 * TOKEN, 2 * TOKEN)  # the other 4 go back to both
    assert (gained(bob, carol), held()) == ([-3 * TOKEN, -3 * TOKEN], 0)


def test_resolve__half_and_half__says_the_parts(counter, course, disputed_at, resolve):
    event = resolve(4 * TOKEN, 2 * TOKEN).events["AgreementResolved"]
    assert (event["toReceiverUnits"], event["toStructureUnits"], event["refundedUnits"]) == (
        4 * TOKEN,
        2 * TOKEN,
        4 * TOKEN,
    )
    assert counter.state(course) == RESOLVED


def test_resolve__everything_to_the_provider__charges_the_fee_up_to_the_price(
    disputed_at, resolve, gained, held, alice
):
    resolve(10 * TOKEN, 0)
    assert (gained(alice), held()) == ([96 * TOKEN // 10], 0)  # 5 percent of 8, none of 2


def test_resolve__nothing__refunds_everybody(disputed_at, resolve, gained, held, bob, carol):
    resolve(0, 0)
    assert (gained(bob, carol), held()) == ([0, 0], 0)


@pytest.mark.parametrize(
    ("receiver", "structure"), [(10 * TOKEN + 1, 0), (0, 10 * TOKEN + 1), (9 * TOKEN, 1 * TOKEN + 1), (2**256 - 1, 1)]
)
def test_resolve__more_than_the_escrow__names_all_three(disputed_at, resolve, receiver, structure):
    with refused("ServiceExchangeWrongSplit", receiver, structure, 10 * TOKEN):
        resolve(receiver, structure)


def test_resolve__part_for_a_structure_that_is_none__is_refused(counter, community_admin, alice, bob):
    terms = terms_of(1, alice, bob, price=10)
    counter.agree(terms, alice, bob)
    counter.dispute(terms, bob)
    with refused("ServiceExchangeWrongSplit", 0, 1, 10):
        counter.as_role("resolve", terms, 0, 1, sender=community_admin)


def test_resolve__not_disputed__names_the_state(counter, course, resolve):
    with refused("ServiceExchangeWrongState", counter.id_of(course), 3, states(DISPUTED)):
        resolve(0, 0)


def test_resolve__twice__names_the_state(counter, course, disputed_at, resolve):
    resolve(0, 0)
    with refused("ServiceExchangeWrongState", counter.id_of(course), RESOLVED, states(DISPUTED)):
        resolve(0, 0)


def test_resolve__administrator_who_is_a_party__is_refused(members, registrar, community_admin, counter, alice):
    join(members, registrar, community_admin, CITIZEN)
    terms = terms_of(1, alice, community_admin, price=0)
    counter.agree(terms, alice, community_admin)
    counter.dispute(terms, alice)
    with refused("ServiceExchangeOwnAgreement", counter.id_of(terms), member_id(community_admin)):
        counter.as_role("resolve", terms, 0, 0, sender=community_admin)


def test_resolve__by_the_platform_admin__is_refused(counter, course, disputed_at, platform_admin):
    with refused("AccessManagedUnauthorized", platform_admin):
        counter.as_role("resolve", course, 0, 0, sender=platform_admin)


def test_resolve_for_community__of_the_members_own_trade__is_refused(counter, course, disputed_at, platform_admin):
    with refused("ServiceExchangeWrongCategory", counter.id_of(course), 2):
        counter.as_role("resolveForCommunity", course, 0, 0, sender=platform_admin)


def test_refund_undecided__after_sixty_days__refunds_the_payers(counter, course, disputed_at, gained, held, bob, carol):
    clock.next_block_at(disputed_at + SIXTY_DAYS_S + 1)
    counter.anybody("refundUndecided", course)
    assert (counter.state(course), gained(bob, carol), held()) == (RESOLVED, [0, 0], 0)


def test_refund_undecided__too_early__names_the_moment(counter, course, disputed_at):
    due = disputed_at + SIXTY_DAYS_S
    clock.next_block_at(due)
    with refused("ServiceExchangeTooEarly", counter.id_of(course), due, due + 1):
        counter.anybody("refundUndecided", course)


def test_refund_undecided__not_disputed__names_the_state(counter, course):
    with refused("ServiceExchangeWrongState", counter.id_of(course), 3, states(DISPUTED)):
        counter.anybody("refundUndecided", course)


def test_dispute__before_delivery__is_possible(counter, alice, bob):
    terms = terms_of(1, alice, bob, price=0)
    counter.agree(terms, alice, bob)
    assert counter.state(terms) == ACCEPTED
    counter.dispute(terms, bob)
    assert counter.state(terms) == DISPUTED
