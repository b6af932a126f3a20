"""sell: a stakeholder buys tokens with a payment that serves once; citizens cannot buy."""

import clock
import policies
import pytest
from membership import member_id
from refusal import refused
from Treasury.conftest import TOKEN

PAYMENT = bytes.fromhex("9a" * 32)


@pytest.fixture
def sell(treasury, token_admin):
    """Function (wallet, cents, reference): sell to the wallet's member."""
    return lambda wallet, cents, reference=PAYMENT: treasury.sell(
        member_id(wallet), cents, reference, {"from": token_admin}
    )


@pytest.fixture
def sold(sell, shop):
    """The shop paid 25.00 euro; one cent is a hundredth of a token."""
    return sell(shop, 2_500)


def test_sell__to_a_stakeholder__gives_cents_times_factor(token, sold, shop):
    assert token.balanceOf(shop) == (50 + 25) * TOKEN


def test_sell__to_a_stakeholder__comes_from_the_treasury(token, treasury, shop, sell):
    before = token.balanceOf(treasury)
    sell(shop, 2_500)
    assert token.balanceOf(treasury) == before - 25 * TOKEN


def test_sell__to_a_stakeholder__emits_the_event(sold, shop):
    event = sold.events["Sold"]
    assert (bytes(event["paymentReference"]), bytes(event["memberId"])) == (PAYMENT, member_id(shop))
    assert (event["cents"], event["units"]) == (2_500, 25 * TOKEN)


def test_sell__to_a_stakeholder__is_remembered_by_its_payment(treasury, sold, shop):
    found = treasury.saleOf(PAYMENT)
    assert (bytes(found[0]), *found[1:]) == (member_id(shop), 25 * TOKEN, 2_500, sold.timestamp)


def test_sell__payment_used_before__names_member_and_cents(sold, sell, shop):
    with refused("TreasuryReferenceUsed", PAYMENT, member_id(shop), 2_500):
        sell(shop, 2_500)


def test_sell__payment_used_before_with_another_sum__is_refused(sold, sell, shop):
    with refused("TreasuryReferenceUsed", PAYMENT, member_id(shop), 2_500):
        sell(shop, 1)


def test_sell__no_payment__is_refused(sell, shop):
    with refused("TreasuryReferenceZero"):
        sell(shop, 2_500, bytes(32))


def test_sell__to_a_citizen__names_the_class(sell, citizens):
    with refused("TreasuryNotAStakeholder", member_id(citizens[0]), 1, 2):
        sell(citizens[0], 2_500)


def test_sell__to_nobody__is_refused(sell, outsider):
    with refused("TreasuryUnknownMember", member_id(outsider)):
        sell(outsider, 2_500)


def test_sell__no_cents__is_refused(sell, shop):
    with refused("TreasuryNothingToSell", 0, TOKEN // 100):
        sell(shop, 0)


def test_sell__no_factor__is_refused(policy, token_admin, sell, shop):
    valid_from = clock.now_s() + 8 * clock.DAY_S
    policy.scheduleRates(policies.struct(policies.RATES, unitsPerCent=0), valid_from, {"from": token_admin})
    clock.move_to(valid_from)
    with refused("TreasuryNothingToSell", 2_500, 0):
        sell(shop, 2_500)


def test_sell__to_a_stakeholder_that_left__is_refused(members, sell, shop):
    members.leave(member_id(shop), 0, b"", {"from": shop})
    with refused("TreasuryMemberLeft", member_id(shop), 3):
        sell(shop, 2_500)


def test_sell__to_a_frozen_stakeholder__arrives(members, token, community_admin, sell, shop):
    members.freeze(member_id(shop), {"from": community_admin})
    sell(shop, 2_500)
    assert token.balanceOf(shop) == 75 * TOKEN


def test_sell__more_than_the_treasury_holds__leaves_the_payment_unused(treasury, keep, sell, shop):
    keep(TOKEN)
    with refused("ERC20InsufficientBalance", treasury, TOKEN, 25 * TOKEN):
        sell(shop, 2_500)
    assert treasury.saleOf(PAYMENT)[1] == 0


def test_sell__in_a_pause__is_refused(token, guardian, sell, shop):
    paused_at = token.pause({"from": guardian}).timestamp
    with refused("CommunityTokenPaused", paused_at):
        sell(shop, 2_500)
