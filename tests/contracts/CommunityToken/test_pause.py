"""pause and unpause: the guardian stops every movement, the community administrator lets it go on."""

import clock
import pytest
from brownie import ZERO_ADDRESS
from payouts import word
from refusal import refused


@pytest.fixture
def movements(token, alice, bob, the_treasury, service_exchange, settlement_ledger, member_registry):
    """Every way in which tokens move, by name."""
    return {
        "transfer": lambda: token.transfer(bob, 1, {"from": alice}),
        "transfer of nothing": lambda: token.transfer(bob, 0, {"from": alice}),
        "transferFrom": lambda: token.transferFrom(alice, bob, 0, {"from": bob}),
        "creditBatch": lambda: token.creditBatch([word(bob, 1)], ZERO_ADDRESS, 1, 0, 0, {"from": settlement_ledger}),
        "creditBatch with fee": lambda: token.creditBatch(
            [word(bob, 1)], ZERO_ADDRESS, 1, 9, 9, {"from": settlement_ledger}
        ),
        "issue": lambda: token.issue(1, {"from": the_treasury}),
        "burn": lambda: token.burn(0, {"from": the_treasury}),
        "transfer of the Treasury": lambda: token.transfer(bob, 0, {"from": the_treasury}),
        "escrow": lambda: token.escrow(alice, 0, {"from": service_exchange}),
        "release": lambda: token.release(bob, 0, 0, {"from": service_exchange}),
        "moveAccount": lambda: token.moveAccount(alice, "0x" + 40 * "7", {"from": member_registry}),
        "sweep": lambda: token.sweep(bob, {"from": member_registry}),
    }


@pytest.mark.parametrize(
    "movement",
    [
        "transfer",
        "transfer of nothing",
        "transferFrom",
        "creditBatch",
        "creditBatch with fee",
        "issue",
        "burn",
        "transfer of the Treasury",
        "escrow",
        "release",
        "moveAccount",
        "sweep",
    ],
)
def test_pause__any_movement__names_the_moment_since_when(movements, set_status, bob, paused, movement):
    set_status(bob, 3 if movement == "sweep" else 1)
    with refused("CommunityTokenPaused", paused):
        movements[movement]()


def test_pause__allowances__can_still_be_given(token, alice, bob, paused):
    token.approve(bob, 5, {"from": alice})
    assert token.allowance(alice, bob) == 5


def test_pause__running__says_since_when(token, guardian):
    receipt = token.pause({"from": guardian})
    assert dict(receipt.events["Paused"]) == {"pausedAt": receipt.timestamp}
    assert token.isPaused() is True


def test_pause__paused__changes_nothing(token, guardian, alice, bob, paused):
    clock.move_to(paused + 100)
    assert len(token.pause({"from": guardian}).events) == 0
    with refused("CommunityTokenPaused", paused):
        token.transfer(bob, 1, {"from": alice})


def test_pause__by_the_community_admin__is_refused(token, community_admin):
    with refused("AccessManagedUnauthorized", community_admin):
        token.pause({"from": community_admin})


def test_unpause__by_the_guardian__is_refused(token, guardian, paused):
    with refused("AccessManagedUnauthorized", guardian):
        token.unpause({"from": guardian})


def test_unpause__paused__lets_tokens_move(token, community_admin, alice, bob, paused):
    token.unpause({"from": community_admin})
    token.transfer(bob, 1, {"from": alice})
    assert (token.balanceOf(bob), token.isPaused()) == (1, False)


def test_unpause__paused__says_how_long_it_stood(token, community_admin, paused):
    clock.next_block_at(paused + 90)
    assert dict(token.unpause({"from": community_admin}).events["Unpaused"]) == {"pausedSeconds": 90}


def test_unpause__running__changes_nothing(token, community_admin):
    assert len(token.unpause({"from": community_admin}).events) == 0


def test_paused_seconds__while_paused__grows_with_the_clock(token, paused):
    clock.move_to(paused + 90)
    assert token.pausedSeconds() == 90


def test_paused_seconds__after_two_pauses__is_their_sum(token, guardian, community_admin, paused):
    clock.next_block_at(paused + 90)
    token.unpause({"from": community_admin})
    clock.next_block_at(paused + 1000)
    token.pause({"from": guardian})
    clock.next_block_at(paused + 1005)
    token.unpause({"from": community_admin})
    assert token.pausedSeconds() == 95


def test_paused_seconds__never_paused__is_zero(token):
    assert token.pausedSeconds() == 0


def test_pause__with_fees__keeps_them(token, set_fees, guardian, community_admin, alice, bob):
    set_fees(100, 200, 300, 400)
    before = token.transferFees()
    token.pause({"from": guardian})
    token.unpause({"from": community_admin})
    assert token.transferFees() == before
