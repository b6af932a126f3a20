"""issue and burn: the Treasury's own tokens come and go; nobody else's are touched."""

import pytest
from brownie import reverts
from refusal import refused

ZERO = "0x" + 40 * "0"


@pytest.fixture
def issued(token, the_treasury):
    return token.issue(500, {"from": the_treasury})


def test_issue__to_the_treasury__grows_balance_and_supply(token, issued, treasury):
    assert (token.balanceOf(treasury), token.totalSupply()) == (500, 1500)


def test_issue__to_the_treasury__is_a_transfer_from_zero(issued, treasury):
    assert [dict(event) for event in issued.events] == [{"from": ZERO, "to": treasury, "value": 500}]


def test_issue__supply_beyond_128_bits__names_both(token, the_treasury):
    with refused("CommunityTokenSupplyLimit", 2**128, 2**128 - 1):
        token.issue(2**128 - 1000, {"from": the_treasury})


def test_issue__amount_that_overflows__is_refused(token, the_treasury):
    with reverts("Integer overflow"):
        token.issue(2**256 - 1, {"from": the_treasury})


def test_issue__up_to_128_bits__is_done(token, the_treasury):
    token.issue(2**128 - 1001, {"from": the_treasury})
    assert token.totalSupply() == 2**128 - 1


def test_burn__of_the_treasury__shrinks_balance_and_supply(token, issued, the_treasury):
    token.burn(200, {"from": the_treasury})
    assert (token.balanceOf(the_treasury), token.totalSupply()) == (300, 1300)


def test_burn__of_the_treasury__is_a_transfer_to_zero(token, issued, the_treasury):
    receipt = token.burn(200, {"from": the_treasury})
    assert [dict(event) for event in receipt.events] == [{"from": the_treasury, "to": ZERO, "value": 200}]


def test_burn__more_than_the_treasury_has__names_both(token, issued, the_treasury):
    with refused("ERC20InsufficientBalance", the_treasury, 500, 501):
        token.burn(501, {"from": the_treasury})


@pytest.mark.parametrize("function", ["issue", "burn"])
def test_issue_and_burn__by_the_token_admin_directly__are_refused(token, token_admin, function):
    with refused("AccessManagedUnauthorized", token_admin):
        getattr(token, function)(1, {"from": token_admin})
