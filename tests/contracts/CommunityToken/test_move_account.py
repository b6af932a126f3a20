"""moveAccount and sweep: the only two movements without the holder's signature, for the MemberRegistry alone."""

import pytest
from brownie import ZERO_ADDRESS
from refusal import refused

ZERO = "0x" + 40 * "0"


@pytest.fixture
def move(token, member_registry):
    """Function (from, to): move the account."""
    return lambda old, new: token.moveAccount(old, new, {"from": member_registry})


@pytest.fixture
def sweep(token, member_registry):
    """Function (wallet): sweep it."""
    return lambda wallet: token.sweep(wallet, {"from": member_registry})


@pytest.mark.parametrize("status", [1, 2, 3, 4])
def test_move_account__to_a_new_wallet__takes_everything_along(token, move, alice, outsider, member_registry, status):
    token.setAccount(alice, 2, status, {"from": member_registry})
    move(alice, outsider)
    assert token.accountOf(outsider) == (1000, 2, status)


def test_move_account__to_a_new_wallet__leaves_a_non_member(token, move, alice, outsider):
    move(alice, outsider)
    assert token.accountOf(alice) == (0, 0, 0)


def test_move_account__to_a_new_wallet__leaves_the_supply(token, move, alice, outsider):
    move(alice, outsider)
    assert token.totalSupply() == 1000


def test_move_account__to_a_new_wallet__says_what_moved(move, alice, outsider):
    receipt = move(alice, outsider)
    assert dict(receipt.events["Transfer"]) == {"from": alice, "to": outsider, "value": 1000}
    assert [dict(event) for event in receipt.events["AccountSet"]] == [
        {"wallet": alice, "class_": 0, "status": 0},
        {"wallet": outsider, "class_": 1, "status": 1},
    ]


def test_move_account__with_transfer_fees__charges_none(token, move, set_fees, alice, outsider):
    set_fees(2000, 2000, 2000, 2000)
    move(alice, outsider)
    assert token.balanceOf(outsider) == 1000


def test_move_account__allowances__do_not_move(token, move, alice, bob, outsider):
    token.approve(bob, 1000, {"from": alice})
    move(alice, outsider)
    with refused("ERC20InsufficientAllowance", bob, 0, 1):
        token.transferFrom(outsider, bob, 1, {"from": bob})
    with refused("CommunityTokenCannotSend", alice, 0):
        token.transferFrom(alice, bob, 1, {"from": bob})


def test_move_account__to_a_member__is_refused(move, alice, bob):
    with refused("CommunityTokenCannotMove", bob, 1, 1):
        move(alice, bob)


def test_move_account__to_itself__is_refused(move, alice):
    with refused("CommunityTokenCannotMove", alice, 1, 1):
        move(alice, alice)


def test_move_account__from_a_non_member__is_refused(move, outsider, deployer):
    with refused("CommunityTokenCannotMove", outsider, 0, 0):
        move(outsider, deployer)


def test_move_account__to_the_zero_address__is_refused(move, alice):
    with refused("CommunityTokenCannotMove", ZERO_ADDRESS, 0, 0):
        move(alice, ZERO_ADDRESS)


@pytest.mark.parametrize("system", ["treasury", "exchange"])
def test_move_account__from_a_system_account__is_refused(community, move, outsider, system):
    account = getattr(community, system)
    with refused("CommunityTokenSystemAccount", account):
        move(account, outsider)


def test_sweep__of_a_wallet_that_left__takes_the_whole_balance(token, sweep, set_status, alice, treasury):
    set_status(alice, 3)
    sweep(alice)
    assert (token.accountOf(alice), token.balanceOf(treasury)) == ((0, 1, 3), 1000)


def test_sweep__of_a_wallet_that_left__answers_the_amount(token, set_status, alice, member_registry):
    set_status(alice, 3)
    assert token.sweep.call(alice, {"from": member_registry}) == 1000


def test_sweep__of_a_wallet_that_left__is_a_transfer_to_the_treasury(sweep, set_status, alice, treasury):
    set_status(alice, 3)
    assert dict(sweep(alice).events["Transfer"]) == {"from": alice, "to": treasury, "value": 1000}


@pytest.mark.parametrize("status", [1, 2, 4])
def test_sweep__of_any_other_status__is_refused(sweep, set_status, alice, status):
    set_status(alice, status)
    with refused("CommunityTokenNotLeft", alice, status):
        sweep(alice)


def test_sweep__of_a_non_member__is_refused(sweep, outsider):
    with refused("CommunityTokenNotLeft", outsider, 0):
        sweep(outsider)


def test_sweep__of_the_exchange__is_refused(token, sweep, community, service_exchange, alice):
    """Its status is left, yet what it holds are the escrows of the members."""
    token.approve(service_exchange, 5, {"from": alice})
    token.escrow(alice, 5, {"from": service_exchange})
    with refused("CommunityTokenSystemAccount", community.exchange):
        sweep(community.exchange)


@pytest.mark.parametrize("call", [("moveAccount", 2), ("sweep", 1)], ids=lambda call: call[0])
def test_move_account_and_sweep__by_the_community_admin__are_refused(token, community_admin, alice, outsider, call):
    name, arguments = call
    with refused("AccessManagedUnauthorized", community_admin):
        getattr(token, name)(*(alice, outsider)[:arguments], {"from": community_admin})
