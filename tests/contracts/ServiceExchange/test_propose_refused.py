"""propose: what no category allows, of parties, structures, times and sums."""

import clock
import pytest
from membership import CITIZEN, join, member_id
from refusal import refused
from ServiceExchange.conftest import TOKEN, provider_of
from services import LOAN, NOTHING, PROPOSED, SERVICE, TIME_BANK, USED_GOODS, terms_of

LONGEST_S = 730 * clock.DAY_S
KINDS = {1: (0, 1, 2, 3), 2: (0, 1), 3: (0, 4), 4: (0, 2, 3), 5: (0,), 6: (0, 1), 7: (0,), 8: (0, 1)}


def test_propose__by_a_stranger__is_refused(counter, lawful, dora):
    terms = lawful(1)
    with refused("ServiceExchangeNotParty", counter.id_of(terms), member_id(dora)):
        counter.propose(terms, dora)


@pytest.mark.parametrize(("category", "expected"), [(1, 1), (2, 1), (3, 2), (4, 2), (5, 1)])
def test_propose__provider_of_the_wrong_class__names_both(counter, lawful, dora, shop, category, expected):
    wrong = dora if expected == 2 else shop
    terms = lawful(category) | {"provider": member_id(wrong)}
    terms |= {"payers": lawful(4)["payers"]} if category == 5 else {}
    with refused("ServiceExchangeWrongClass", member_id(wrong), 3 - expected, expected):
        counter.propose(terms, wrong)


@pytest.mark.parametrize(("category", "expected"), [(1, 1), (2, 1), (3, 1), (4, 2), (5, 2)])
def test_propose__payer_of_the_wrong_class__names_both(counter, lawful, alice, shop, carol, hall, category, expected):
    wrong = hall if expected == 1 else carol
    terms = lawful(category) | {
        "payers": [member_id(wrong)],
        "structure": member_id(shop) if category == 2 else NOTHING,
    }
    with refused("ServiceExchangeWrongClass", member_id(wrong), 3 - expected, expected):
        counter.propose(terms, provider_of(terms, alice, shop))


@pytest.mark.parametrize("category", [6, 8])
def test_propose__stakeholder_where_a_citizen_works_for_the_community__is_refused(counter, lawful, shop, category):
    terms = lawful(category) | {"provider": member_id(shop)}
    with refused("ServiceExchangeWrongClass", member_id(shop), 2, 1):
        counter.propose(terms, shop)


def test_propose__citizen_where_a_stakeholder_works_for_the_community__is_refused(counter, lawful, alice):
    terms = lawful(7) | {"provider": member_id(alice)}
    with refused("ServiceExchangeWrongClass", member_id(alice), 1, 2):
        counter.propose(terms, alice)


@pytest.mark.parametrize("category", [2, 8])
def test_propose__structure_of_a_citizen__is_refused(counter, lawful, alice, dora, category):
    with refused("ServiceExchangeWrongClass", member_id(dora), 1, 2):
        counter.propose(lawful(category, structure=member_id(dora)), alice)


def test_propose__payer_who_is_no_member__is_refused(counter, lawful, alice, outsider):
    with refused("ServiceExchangeNotMember", member_id(outsider)):
        counter.propose(lawful(1, payers=[member_id(outsider)]), alice)


def test_propose__provider_who_is_no_member__is_refused(counter, lawful, bob, outsider):
    with refused("ServiceExchangeNotMember", member_id(outsider)):
        counter.propose(lawful(1, provider=member_id(outsider)), bob)


def test_propose__provider_is_nobody__is_refused(counter, lawful, bob):
    with refused("ServiceExchangeNotMember", NOTHING):
        counter.propose(lawful(1, provider=NOTHING), bob)


def test_propose__member_who_pays_itself__is_refused(counter, lawful, alice):
    with refused("ServiceExchangePartyTwice", member_id(alice)):
        counter.propose(lawful(1, payers=[member_id(alice)]), alice)


def test_propose__provider_who_owns_the_structure__is_refused(counter, lawful, alice):
    with refused("ServiceExchangePartyTwice", member_id(alice)):
        counter.propose(lawful(8, structure=member_id(alice)), alice)


def test_propose__payer_who_owns_the_structure__is_refused(counter, lawful, alice, bob):
    with refused("ServiceExchangePartyTwice", member_id(bob)):
        counter.propose(lawful(2, payers=[member_id(bob)], structure=member_id(bob)), alice)


def test_propose__same_payer_twice__is_refused(counter, lawful, alice, bob):
    with refused("ServiceExchangePayersNotAscending", member_id(bob), member_id(bob)):
        counter.propose(lawful(2, payers=[member_id(bob)] * 2), alice)


def test_propose__payers_not_ascending__is_refused(counter, lawful, alice):
    terms = lawful(2)
    low, high = terms["payers"]
    with refused("ServiceExchangePayersNotAscending", low, high):
        counter.propose(terms | {"payers": [high, low]}, alice)


@pytest.mark.parametrize(("category", "count", "most"), [(1, 0, 1), (1, 2, 1), (2, 0, 32), (5, 2, 1), (4, 2, 1)])
def test_propose__wrong_number_of_payers__names_the_range(counter, lawful, citizens, shop, category, count, most):
    terms = lawful(category) | {"payers": sorted(map(member_id, citizens[2:]))[:count]}
    with refused("ServiceExchangeWrongPayerCount", count, 1, most):
        counter.propose(terms, provider_of(terms, *citizens, shop))


@pytest.mark.parametrize("category", [6, 7, 8])
def test_propose__payer_where_the_community_pays__is_refused(counter, lawful, alice, shop, bob, category):
    terms = lawful(category) | {"payers": [member_id(bob)]}
    with refused("ServiceExchangeWrongPayerCount", 1, 0, 0):
        counter.propose(terms, provider_of(terms, alice, shop))


def test_propose__thirty_two_payers__share_the_price(
    members, registrar, counter, exchange, hall, alice, citizens_by_id
):
    for wallet in citizens_by_id:
        join(members, registrar, wallet, CITIZEN)
    terms = terms_of(2, alice, *citizens_by_id, structure=hall, price=65)
    counter.propose(terms, alice)
    shares = [exchange.fundingOf(tuple(terms.values()), payer) for payer in terms["payers"]]
    assert shares == [3] + [2] * 31


def test_propose__thirty_three_payers__are_too_many(counter, hall, alice, bob, citizens_by_id):
    terms = terms_of(2, alice, bob, *citizens_by_id, structure=hall)
    with refused("ServiceExchangeWrongPayerCount", 33, 1, 32):
        counter.propose(terms, alice)


# ---------------------------------------------------------------------------------------- STRUCTURE, TIMES, SUMS


@pytest.mark.parametrize("category", [1, 3, 4, 5, 6, 7])
def test_propose__structure_where_there_is_none__is_refused(counter, lawful, alice, shop, dora, category):
    terms = lawful(category) | {"structure": member_id(dora)}
    with refused("ServiceExchangeWrongStructure", category, member_id(dora)):
        counter.propose(terms, provider_of(terms, alice, shop))


@pytest.mark.parametrize("category", [2, 8])
def test_propose__structure_missing__is_refused(counter, lawful, alice, category):
    with refused("ServiceExchangeWrongStructure", category, NOTHING):
        counter.propose(lawful(category) | {"structure": NOTHING}, alice)


def test_propose__compensation_without_structure__is_refused(counter, lawful, alice):
    with refused("ServiceExchangeCompensationWithoutStructure", 1):
        counter.propose(lawful(1, compensationUnits=1), alice)


@pytest.mark.parametrize("minutes", [0, 1])
def test_propose__duration_where_it_does_not_belong__is_refused(counter, lawful, alice, minutes):
    kind = SERVICE if minutes else TIME_BANK
    with refused("ServiceExchangeWrongDuration", kind, minutes):
        counter.propose(lawful(1, kind) | {"durationMinutes": minutes}, alice)


@pytest.mark.parametrize(("minutes", "expected"), [(1, TOKEN // 6), (60, 10 * TOKEN), (90, 15 * TOKEN)])
def test_propose__time_bank_at_another_price__names_that_of_the_day(counter, lawful, alice, minutes, expected):
    with refused("ServiceExchangeWrongTimePrice", expected + 1, expected):
        counter.propose(lawful(1, TIME_BANK) | {"durationMinutes": minutes, "priceUnits": expected + 1}, alice)


def test_propose__time_bank_rounded_down__is_accepted(counter, lawful, alice):
    terms = lawful(1, TIME_BANK) | {"durationMinutes": 1, "priceUnits": 10 * TOKEN // 60}
    counter.propose(terms, alice)
    assert counter.state(terms) == PROPOSED


@pytest.mark.parametrize("kind", [SERVICE, USED_GOODS])
def test_propose__deposit_without_loan__is_refused(counter, lawful, alice, kind):
    terms = lawful(1, kind, depositUnits=1)
    with refused("ServiceExchangeWrongLoan", kind, 1, 0, terms["deadline"]):
        counter.propose(terms, alice)


@pytest.mark.parametrize("after_s", [0, -1, LONGEST_S + 1])
def test_propose__loan_to_be_returned_at_a_wrong_time__is_refused(counter, lawful, alice, after_s):
    terms = lawful(1, LOAN)
    terms |= {"returnBy": terms["deadline"] + after_s}
    with refused("ServiceExchangeWrongLoan", LOAN, 0, terms["returnBy"], terms["deadline"]):
        counter.propose(terms, alice)


@pytest.mark.parametrize("ahead_s", [0, -1, LONGEST_S + 1])
def test_propose__deadline_out_of_range__names_it(counter, lawful, alice, ahead_s):
    now = clock.now_s() + 60
    clock.next_block_at(now)
    with refused("ServiceExchangeDeadlineOutOfRange", now + ahead_s, now + 1, now + LONGEST_S):
        counter.propose(lawful(1, deadline=now + ahead_s), alice)


@pytest.mark.parametrize("ahead_s", [1, LONGEST_S])
def test_propose__deadline_at_its_bounds__is_accepted(counter, lawful, alice, ahead_s):
    now = clock.now_s() + 60
    clock.next_block_at(now)
    terms = lawful(1, deadline=now + ahead_s)
    counter.propose(terms, alice)
    assert counter.state(terms) == PROPOSED


def test_propose__more_than_the_payer_has__names_both(counter, lawful, bob):
    with refused("ERC20InsufficientBalance", bob, 100 * TOKEN, 100 * TOKEN + 1):
        counter.propose(lawful(1, priceUnits=100 * TOKEN + 1), bob)


def test_propose__sums_of_96_bits__do_not_overflow(counter, lawful, exchange, bob):
    largest = 2**96 - 1
    terms = lawful(2, priceUnits=largest, compensationUnits=largest)
    shares = [exchange.fundingOf(tuple(terms.values()), payer) for payer in terms["payers"]]
    assert sum(shares) == 2 * largest


def test_propose__price_above_96_bits__cannot_be_written(counter, lawful, alice):
    with pytest.raises(OverflowError):
        counter.propose(lawful(1, priceUnits=2**96), alice)


def test_propose__frozen_provider__is_refused(members, community_admin, counter, lawful, alice):
    members.freeze(member_id(alice), {"from": community_admin})
    with refused("ServiceExchangeWrongStatus", member_id(alice), 2):
        counter.propose(lawful(1), alice)


def test_propose__member_who_left__is_refused(members, counter, lawful, alice):
    members.leave(member_id(alice), 0, b"", {"from": alice})
    with refused("ServiceExchangeWrongStatus", member_id(alice), 3):
        counter.propose(lawful(1), alice)


def test_propose__for_nothing__is_an_agreement_too(counter, lawful, held, bob):
    terms = lawful(1, priceUnits=0)
    counter.propose(terms, bob)
    assert (counter.state(terms), held()) == (PROPOSED, 0)
