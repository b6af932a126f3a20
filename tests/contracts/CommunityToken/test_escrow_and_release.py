"""escrow and release: what the ServiceExchange holds between an agreement and its end."""

import pytest
from brownie import ZERO_ADDRESS
from refusal import refused

SERVICE = 1


@pytest.fixture
def escrowed(token, alice, service_exchange):
    """Alice allowed 700 base units, and 600 of them are held."""
    token.approve(service_exchange, 700, {"from": alice})
    return token.escrow(alice, 600, {"from": service_exchange})


def test_escrow__within_the_allowance__moves_it_to_the_exchange(token, escrowed, alice, service_exchange):
    assert (token.balanceOf(alice), token.balanceOf(service_exchange)) == (400, 600)


def test_escrow__within_the_allowance__uses_it(token, escrowed, alice, service_exchange):
    assert token.allowance(alice, service_exchange) == 100


def test_escrow__with_transfer_fees__charges_none(token, set_fees, alice, service_exchange):
    set_fees(2000, 2000, 2000, 2000)
    token.approve(service_exchange, 600, {"from": alice})
    receipt = token.escrow(alice, 600, {"from": service_exchange})
    assert (token.balanceOf(service_exchange), "FeeCharged" in receipt.events) == (600, False)


def test_escrow__beyond_the_allowance__names_both(token, escrowed, alice, service_exchange):
    with refused("ERC20InsufficientAllowance", service_exchange, 100, 101):
        token.escrow(alice, 101, {"from": service_exchange})


def test_escrow__beyond_the_balance__names_both(token, alice, service_exchange):
    token.approve(service_exchange, 1001, {"from": alice})
    with refused("ERC20InsufficientBalance", alice, 1000, 1001):
        token.escrow(alice, 1001, {"from": service_exchange})


@pytest.mark.parametrize("status", [2, 4])
def test_escrow__of_a_frozen_wallet__is_refused(token, alice, service_exchange, set_status, status):
    token.approve(service_exchange, 600, {"from": alice})
    set_status(alice, status)
    with refused("CommunityTokenCannotSend", alice, status):
        token.escrow(alice, 600, {"from": service_exchange})


def test_escrow__of_a_non_member__is_refused(token, outsider, service_exchange):
    with refused("CommunityTokenCannotSend", outsider, 0):
        token.escrow(outsider, 0, {"from": service_exchange})


def test_transfer__to_the_exchange_by_a_member__is_refused(token, alice, service_exchange):
    with refused("CommunityTokenCannotReceive", service_exchange, 3):
        token.transfer(service_exchange, 1, {"from": alice})


def test_release__without_fee__arrives_whole(token, escrowed, bob, service_exchange):
    token.release(bob, 600, 0, {"from": service_exchange})
    assert (token.balanceOf(bob), token.balanceOf(service_exchange)) == (600, 0)


def test_release__with_fee__is_subtracted_rounded_down(token, escrowed, bob, treasury, service_exchange):
    token.release(bob, 599, 250, {"from": service_exchange})
    assert (token.balanceOf(bob), token.balanceOf(treasury)) == (585, 14)  # 2.5 percent of 599 are 14.975


def test_release__with_fee__emits_both_parts_and_the_fee(token, escrowed, bob, treasury, service_exchange):
    receipt = token.release(bob, 599, 250, {"from": service_exchange})
    assert [dict(event) for event in receipt.events["Transfer"]] == [
        {"from": service_exchange, "to": bob, "value": 585},
        {"from": service_exchange, "to": treasury, "value": 14},
    ]
    expected = {"from": service_exchange, "to": bob, "amount": 599, "fee": 14, "flow": SERVICE}
    assert dict(receipt.events["FeeCharged"]) == expected


@pytest.mark.parametrize("status", [1, 2, 3, 4])
def test_release__to_any_status_of_a_member__arrives(token, escrowed, bob, service_exchange, set_status, status):
    set_status(bob, status)
    token.release(bob, 600, 0, {"from": service_exchange})
    assert token.accountOf(bob) == (600, 1, status)


def test_release__to_a_non_member__is_refused(token, escrowed, outsider, service_exchange):
    with refused("CommunityTokenCannotReceive", outsider, 0):
        token.release(outsider, 600, 0, {"from": service_exchange})


def test_release__to_the_zero_address__is_refused(token, escrowed, service_exchange):
    with refused("CommunityTokenCannotReceive", ZERO_ADDRESS, 0):
        token.release(ZERO_ADDRESS, 600, 0, {"from": service_exchange})


def test_release__more_than_is_held__names_both(token, escrowed, bob, service_exchange):
    with refused("ERC20InsufficientBalance", service_exchange, 600, 601):
        token.release(bob, 601, 0, {"from": service_exchange})


def test_release__fee_above_the_limit__names_both(token, escrowed, bob, service_exchange):
    with refused("CommunityTokenFeeAboveLimit", 2001, 2000):
        token.release(bob, 600, 2001, {"from": service_exchange})
