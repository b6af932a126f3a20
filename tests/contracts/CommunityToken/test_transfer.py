"""Transfers move tokens between members and to nobody else."""

import pytest
from brownie import ZERO_ADDRESS
from refusal import refused

ACTIVE, FROZEN, LEFT, LEFT_AND_FROZEN = 1, 2, 3, 4


def test_transfer__between_members__moves_the_amount(token, alice, bob):
    token.transfer(bob, 300, {"from": alice})
    assert (token.balanceOf(alice), token.balanceOf(bob)) == (700, 300)


def test_transfer__between_members__leaves_the_supply(token, alice, bob):
    token.transfer(bob, 300, {"from": alice})
    assert token.totalSupply() == 1000


def test_transfer__between_members__emits_one_event(token, alice, bob):
    receipt = token.transfer(bob, 300, {"from": alice})
    assert [dict(event) for event in receipt.events] == [{"from": alice, "to": bob, "value": 300}]


def test_transfer__whole_balance__keeps_class_and_status(token, alice, bob):
    token.transfer(bob, 1000, {"from": alice})
    assert token.accountOf(alice) == (0, 1, ACTIVE)


def test_transfer__to_itself__changes_nothing(token, alice):
    token.transfer(alice, 1000, {"from": alice})
    assert token.balanceOf(alice) == token.totalSupply() == 1000


def test_transfer__zero__is_a_transfer(token, alice, bob):
    receipt = token.transfer(bob, 0, {"from": alice})
    assert receipt.events["Transfer"]["value"] == 0


def test_transfer__more_than_the_balance__names_balance_and_amount(token, alice, bob):
    with refused("ERC20InsufficientBalance", alice, 1000, 1001):
        token.transfer(bob, 1001, {"from": alice})


def test_transfer__more_than_a_balance_can_hold__is_not_cut_to_128_bits(token, alice, bob):
    with refused("ERC20InsufficientBalance", alice, 1000, 2**128 + 1):
        token.transfer(bob, 2**128 + 1, {"from": alice})


def test_transfer__to_a_non_member__is_refused(token, alice, outsider):
    with refused("CommunityTokenCannotReceive", outsider, 0):
        token.transfer(outsider, 1, {"from": alice})


def test_transfer__from_a_non_member__is_refused_even_for_zero(token, alice, outsider):
    with refused("CommunityTokenCannotSend", outsider, 0):
        token.transfer(alice, 0, {"from": outsider})


def test_transfer__to_the_zero_address__burns_nothing(token, alice):
    with refused("ERC20InvalidReceiver", ZERO_ADDRESS):
        token.transfer(ZERO_ADDRESS, 1, {"from": alice})


def test_transfer__to_the_token_itself__is_refused(token, alice):
    with refused("CommunityTokenCannotReceive", token, 0):
        token.transfer(token, 1, {"from": alice})


@pytest.mark.parametrize("status", [FROZEN, LEFT_AND_FROZEN])
def test_transfer__from_a_frozen_wallet__is_refused(token, alice, bob, set_status, status):
    set_status(alice, status)
    with refused("CommunityTokenCannotSend", alice, status):
        token.transfer(bob, 1, {"from": alice})


def test_transfer__to_a_frozen_wallet__arrives(token, alice, bob, set_status):
    set_status(bob, FROZEN)
    token.transfer(bob, 1, {"from": alice})
    assert token.balanceOf(bob) == 1


def test_transfer__from_a_wallet_that_left__moves(token, alice, bob, set_status):
    set_status(alice, LEFT)
    token.transfer(bob, 1000, {"from": alice})
    assert token.accountOf(alice) == (0, 1, LEFT)


@pytest.mark.parametrize("status", [LEFT, LEFT_AND_FROZEN])
def test_transfer__to_a_wallet_that_left__is_refused(token, alice, bob, set_status, status):
    set_status(bob, status)
    with refused("CommunityTokenCannotReceive", bob, status):
        token.transfer(bob, 1, {"from": alice})


def test_transfer__after_unfreezing__moves_again(token, alice, bob, set_status):
    set_status(alice, FROZEN)
    set_status(alice, ACTIVE)
    token.transfer(bob, 1, {"from": alice})
    assert token.balanceOf(bob) == 1


@pytest.mark.parametrize("class_", [1, 2])
def test_transfer__to_each_class__arrives(token, alice, outsider, member_registry, class_):
    token.setAccount(outsider, class_, ACTIVE, {"from": member_registry})
    token.transfer(outsider, 1, {"from": alice})
    assert token.accountOf(outsider) == (1, class_, ACTIVE)


def test_transfer__to_the_treasury__returns_tokens(token, alice, treasury):
    token.transfer(treasury, 1000, {"from": alice})
    assert token.balanceOf(treasury) == 1000


@pytest.mark.parametrize("status", [ACTIVE, FROZEN, LEFT, LEFT_AND_FROZEN])
def test_transfer__from_the_treasury__arrives_at_every_status(token, alice, bob, the_treasury, set_status, status):
    token.transfer(the_treasury, 1000, {"from": alice})
    set_status(bob, status)
    token.transfer(bob, 1000, {"from": the_treasury})
    assert token.accountOf(bob) == (1000, 1, status)


def test_transfer__from_the_treasury_to_a_non_member__is_refused(token, alice, outsider, the_treasury):
    token.transfer(the_treasury, 1000, {"from": alice})
    with refused("CommunityTokenCannotReceive", outsider, 0):
        token.transfer(outsider, 1, {"from": the_treasury})


def test_transfer__from_a_wallet_that_left_to_the_treasury__returns_tokens(token, alice, treasury, set_status):
    set_status(alice, LEFT)
    token.transfer(treasury, 1000, {"from": alice})
    assert token.balanceOf(treasury) == 1000
