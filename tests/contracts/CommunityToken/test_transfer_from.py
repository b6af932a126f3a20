"""approve and transferFrom: an allowance moves an owner's tokens within the members' rule."""

from refusal import refused

FROZEN, LEFT = 2, 3


def test_approve__by_anybody__sets_the_allowance(token, alice, outsider):
    token.approve(outsider, 5, {"from": alice})
    assert token.allowance(alice, outsider) == 5


def test_approve__again__replaces_the_allowance(token, alice, bob):
    token.approve(bob, 5, {"from": alice})
    token.approve(bob, 2, {"from": alice})
    assert token.allowance(alice, bob) == 2


def test_transfer_from__within_the_allowance__moves_and_uses_it(token, alice, bob):
    token.approve(bob, 500, {"from": alice})
    token.transferFrom(alice, bob, 300, {"from": bob})
    assert (token.balanceOf(bob), token.allowance(alice, bob)) == (300, 200)


def test_transfer_from__beyond_the_allowance__names_both(token, alice, bob):
    token.approve(bob, 5, {"from": alice})
    with refused("ERC20InsufficientAllowance", bob, 5, 6):
        token.transferFrom(alice, bob, 6, {"from": bob})


def test_transfer_from__spender_is_no_member__moves_between_members(token, alice, bob, outsider):
    token.approve(outsider, 5, {"from": alice})
    token.transferFrom(alice, bob, 5, {"from": outsider})
    assert token.balanceOf(bob) == 5


def test_transfer_from__to_a_spender_that_is_no_member__is_refused(token, alice, outsider):
    token.approve(outsider, 5, {"from": alice})
    with refused("CommunityTokenCannotReceive", outsider, 0):
        token.transferFrom(alice, outsider, 5, {"from": outsider})


def test_transfer_from__owner_frozen_after_approving__is_refused(token, alice, bob, set_status):
    token.approve(bob, 5, {"from": alice})
    set_status(alice, FROZEN)
    with refused("CommunityTokenCannotSend", alice, FROZEN):
        token.transferFrom(alice, bob, 5, {"from": bob})


def test_transfer_from__spender_is_frozen__moves_another_members_tokens(token, alice, bob, carol, set_status):
    token.approve(carol, 5, {"from": alice})
    set_status(carol, FROZEN)
    token.transferFrom(alice, bob, 5, {"from": carol})
    assert token.balanceOf(bob) == 5


def test_transfer_from__receiver_left__is_refused(token, alice, bob, set_status):
    token.approve(bob, 5, {"from": alice})
    set_status(bob, LEFT)
    with refused("CommunityTokenCannotReceive", bob, LEFT):
        token.transferFrom(alice, bob, 5, {"from": bob})


def test_transfer_from__refused__keeps_the_allowance(token, alice, bob, outsider):
    token.approve(bob, 5, {"from": alice})
    with refused("CommunityTokenCannotReceive", outsider, 0):
        token.transferFrom(alice, outsider, 5, {"from": bob})
    assert token.allowance(alice, bob) == 5
