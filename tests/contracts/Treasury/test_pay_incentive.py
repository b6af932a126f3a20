"""payIncentive: by the rule at acceptance, shared by provider and payers; what is short reduces and never blocks."""

import clock
import policies
import pytest
from membership import member_id
from refusal import refused
from Treasury.conftest import TOKEN

MONTH_S = policies.MONTH_S
MONTHLY, MEMBER, PAIR = 500 * TOKEN, 100 * TOKEN, 40 * TOKEN


def test_pay_incentive__one_payer__is_fixed_and_a_part_of_the_price(ask, gained, citizens):
    ask(citizens[0], citizens[1], category=2, price=259)  # 10 + 25.9 = 35; 600 of 1000 permille are 21
    assert gained(citizens[0], citizens[1]) == [21, 14]


def test_pay_incentive__several_payers__share_equally_and_the_first_bear_the_rest(ask, gained, citizens):
    ask(citizens[0], *citizens[1:4], category=2, price=0)  # 10 are 4, 3, 3; the provider has 2, 1, 1 of them
    assert gained(*citizens[:4]) == [4, 2, 2, 2]


def test_pay_incentive__above_the_cap_of_the_rule__is_the_cap(ask, gained, citizens):
    ask(citizens[0], citizens[1], category=2, price=10**6)
    assert gained(citizens[0], citizens[1]) == [30, 20]


def test_pay_incentive__paid__emits_a_part_for_each(ask, citizens):
    receipt = ask(citizens[0], citizens[1], category=2, price=259, number=7)
    expected = [
        {
            "agreementId": "0x" + (7).to_bytes(32, "big").hex(),
            "memberId": "0x" + member_id(wallet).hex(),
            "wallet": wallet,
        }
        | {"units": units}
        for wallet, units in [(citizens[0], 21), (citizens[1], 14)]
    ]
    assert [dict(event) for event in receipt.events["IncentivePaid"]] == expected
    assert "IncentiveReduced" not in receipt.events


def test_pay_incentive__paid__burdens_month_members_and_pair(ask, treasury, citizens):
    provider, payer = citizens[:2]
    ask(provider, payer, price=30 * TOKEN)
    assert treasury.incentivesInMonth() == 30 * TOKEN
    assert treasury.memberIncentivesInMonth(member_id(provider)) == 15 * TOKEN
    assert treasury.pairIncentivesInMonth(member_id(payer), member_id(provider)) == 30 * TOKEN


def test_pay_incentive__pair_cap__reduces_to_it(ask, gained, citizens):
    receipt = ask(citizens[0], citizens[1], price=50 * TOKEN, number=3)
    assert gained(citizens[0], citizens[1]) == [20 * TOKEN, 20 * TOKEN]
    event = receipt.events["IncentiveReduced"]
    assert (int(str(event["agreementId"]), 16), event["wanted"], event["paid"]) == (3, 50 * TOKEN, PAIR)


def test_pay_incentive__pair_cap__counts_both_directions(ask, gained, citizens):
    ask(citizens[0], citizens[1], price=30 * TOKEN)
    ask(citizens[1], citizens[0], price=30 * TOKEN, number=2)
    assert gained(citizens[0], citizens[1]) == [20 * TOKEN, 20 * TOKEN]


def test_pay_incentive__pair_cap__leaves_other_pairs(ask, gained, citizens):
    ask(citizens[0], citizens[1], price=50 * TOKEN)
    ask(citizens[0], citizens[2], price=50 * TOKEN, number=2)
    assert gained(citizens[0], citizens[2]) == [40 * TOKEN, 20 * TOKEN]


def test_pay_incentive__member_cap__cuts_the_part_of_that_member_only(ask, gained, citizens):
    for number in range(1, 6):
        ask(citizens[0], citizens[number], price=40 * TOKEN, number=number)
    receipt = ask(citizens[0], citizens[6], price=40 * TOKEN, number=6)
    assert gained(citizens[0], citizens[6]) == [MEMBER, 20 * TOKEN]
    assert receipt.events["IncentiveReduced"]["paid"] == 20 * TOKEN


@pytest.fixture
def month_nearly_spent(policy, community_admin, ask, citizens):
    """The month's budget is 70 tokens, and 40 of them are spent."""
    valid_from = clock.now_s() + 8 * clock.DAY_S
    small = policies.struct(policies.BUDGETS, incentivesPerMonthUnits=70 * TOKEN)
    policy.scheduleBudgets(small, valid_from, {"from": community_admin})
    clock.move_to(valid_from)
    ask(citizens[0], citizens[1], price=40 * TOKEN)


def test_pay_incentive__budget_nearly_exhausted__reduces_to_what_is_left(
    month_nearly_spent, ask, gained, treasury, citizens
):
    receipt = ask(citizens[2], citizens[3], price=40 * TOKEN, number=2)
    assert gained(citizens[2], citizens[3]) == [15 * TOKEN, 15 * TOKEN]
    assert receipt.events["IncentiveReduced"]["paid"] == 30 * TOKEN
    assert treasury.incentivesInMonth() == 70 * TOKEN


def test_pay_incentive__budget_exhausted__pays_nothing_and_says_so(month_nearly_spent, ask, gained, citizens):
    ask(citizens[2], citizens[3], price=40 * TOKEN, number=2)
    receipt = ask(citizens[4], citizens[5], price=40 * TOKEN, number=3)
    assert gained(citizens[4], citizens[5]) == [0, 0]
    event = receipt.events["IncentiveReduced"]
    assert (event["wanted"], event["paid"]) == (40 * TOKEN, 0)


def test_pay_incentive__next_month__begins_anew(policy, month_nearly_spent, ask, gained, treasury, citizens):
    index = treasury.month()
    clock.next_block_at(policy.start() + (index + 1) * MONTH_S)
    ask(citizens[0], citizens[1], price=40 * TOKEN, number=2)
    assert gained(citizens[0]) == [40 * TOKEN]
    assert treasury.incentivesInMonth() == 40 * TOKEN


def test_pay_incentive__last_second_of_the_month__counts_in_it(policy, month_nearly_spent, ask, treasury, citizens):
    index = treasury.month()
    clock.next_block_at(policy.start() + (index + 1) * MONTH_S - 1)
    ask(citizens[2], citizens[3], price=40 * TOKEN, number=2)
    assert treasury.incentivesInMonth() == 70 * TOKEN


def test_pay_incentive__treasury_nearly_empty__reduces_to_its_balance(keep, ask, gained, citizens):
    keep(7)
    ask(citizens[0], citizens[1], price=40 * TOKEN)  # of 7 units the provider has the smaller half
    assert gained(citizens[0], citizens[1]) == [3, 4]


def test_pay_incentive__treasury_empty__never_reverts(empty, ask, gained, citizens):
    receipt = ask(citizens[0], citizens[1], price=40 * TOKEN)
    assert receipt.events["IncentiveReduced"]["paid"] == 0


@pytest.mark.parametrize("checks", [0, 1, 2])
def test_pay_incentive__check_missing__stays_open(treasury, service_exchange, ask, citizens, checks):
    receipt = ask(citizens[0], citizens[1], category=2, checks=checks)
    assert (receipt.return_value, len(receipt.events)) == (False, 0)


def test_pay_incentive__paid__is_closed(ask, citizens):
    assert ask(citizens[0], citizens[1], category=2).return_value is True


def test_pay_incentive__no_rule__is_closed_with_nothing(ask, citizens):
    receipt = ask(citizens[0], citizens[1], category=5)
    assert (receipt.return_value, len(receipt.events)) == (True, 0)


def test_pay_incentive__accepted_before_the_rule__is_closed_with_nothing(policy, ask, citizens):
    receipt = ask(citizens[0], citizens[1], category=2, accepted_at=policy.start() + 1)
    assert (receipt.return_value, len(receipt.events)) == (True, 0)


def test_pay_incentive__rule_changed_after_acceptance__keeps_the_old(policy, token_admin, ask, gained, citizens):
    accepted_at = clock.now_s()
    valid_from = accepted_at + 8 * clock.DAY_S
    policy.scheduleIncentive(2, 0, policies.struct(policies.NO_INCENTIVE), valid_from, {"from": token_admin})
    clock.move_to(valid_from)
    ask(citizens[0], citizens[1], category=2, price=259, accepted_at=accepted_at)
    assert gained(citizens[0], citizens[1]) == [21, 14]


def test_pay_incentive__in_a_pause__stays_open(token, guardian, ask, citizens):
    token.pause({"from": guardian})
    assert ask(citizens[0], citizens[1], category=2).return_value is False


def test_pay_incentive__to_a_frozen_and_a_departed_member__arrives(members, community_admin, ask, gained, citizens):
    members.freeze(member_id(citizens[0]), {"from": community_admin})
    members.leave(member_id(citizens[1]), 0, b"", {"from": citizens[1]})
    ask(citizens[0], citizens[1], category=2, price=259)
    assert gained(citizens[0], citizens[1]) == [21, 14]


def test_pay_incentive__by_the_token_admin__is_refused(treasury, token_admin):
    with refused("AccessManagedUnauthorized", token_admin):
        treasury.payIncentive((bytes(32), 1, 0, 0, 0, 0, bytes(32), []), {"from": token_admin})
