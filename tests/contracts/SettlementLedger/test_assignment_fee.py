"""pay with an assignment fee: the fee of the policy at opening, whatever comes later; sums stay gross."""

import clock
import deployment
import policies
import pytest
from payouts import Payouts
from refusal import refused

TOKEN = 10**18


@pytest.fixture
def in_force(policy, token_admin):
    """Citizens are charged 9 percent and stakeholders 10 from now on."""
    valid_from = clock.now_s() + 8 * clock.DAY_S
    policy.scheduleFees(policies.struct(policies.TEN_FEES), valid_from, {"from": token_admin})
    clock.move_to(valid_from)


def test_pay__fee_in_force_at_opening__is_charged(token, treasury, in_force, desk, one_chunk, alice, bob):
    desk.settle(one_chunk)  # 100 tokens to alice and 50 to bob
    balances = [token.balanceOf(account) for account in (alice, bob, treasury)]
    assert balances == [91 * TOKEN, 455 * TOKEN // 10, 135 * TOKEN // 10]


def test_pay__with_fee__counts_gross_amounts(ledger, token, in_force, desk, one_chunk):
    desk.settle(one_chunk)
    assert ledger.settlement(0, 0)["paid"] == token.totalSupply() == 150 * TOKEN


def test_pay__fee_scheduled_after_opening__is_not_charged(
    token, policy, token_admin, desk, opened, three_chunks, alice
):
    valid_from = clock.now_s() + 8 * clock.DAY_S
    policy.scheduleFees(policies.struct(policies.TEN_FEES), valid_from, {"from": token_admin})
    clock.move_to(valid_from)
    desk.pay(opened, three_chunks, 0)
    assert token.balanceOf(alice) == 10 * TOKEN


def test_pay__fee_withdrawn_after_opening__is_still_charged(
    token, policy, token_admin, in_force, desk, three_chunks, alice
):
    proposal = desk.proposal(three_chunks)
    desk.open(proposal)
    valid_from = clock.now_s() + 8 * clock.DAY_S
    policy.scheduleFees(policies.struct(policies.NO_FEES), valid_from, {"from": token_admin})
    clock.move_to(valid_from)
    desk.pay(proposal, three_chunks, 0)
    assert token.balanceOf(alice) == 91 * TOKEN // 10


def test_pay__member_cap_with_fee__is_compared_with_the_gross_amount(in_force, desk, alice):
    payouts = Payouts([(alice, deployment.MEMBER_CAP + 1)])
    proposal = desk.proposal(payouts)
    desk.open(proposal)
    with refused("CommunityTokenPayoutAboveCap", alice, deployment.MEMBER_CAP + 1, deployment.MEMBER_CAP):
        desk.pay(proposal, payouts, 0)
