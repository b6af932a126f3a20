"""previewTransfer: what a transfer in this block would do, its refusals included."""

import clock
import pytest
from brownie import ZERO_ADDRESS
from CommunityToken.conftest import packed
from refusal import refused


def test_preview_transfer__without_fee__is_the_whole_amount(token, alice, bob):
    assert token.previewTransfer(alice, bob, 1000) == (1000, 0)


@pytest.mark.parametrize("amount", [0, 1, 99, 100, 999, 1000])
def test_preview_transfer__with_fee__is_what_a_transfer_does(token, set_fees, alice, bob, treasury, amount):
    set_fees(123, 0, 0, 0)
    preview = token.previewTransfer(alice, bob, amount)
    token.transfer(bob, amount, {"from": alice})
    assert preview == (token.balanceOf(bob), token.balanceOf(treasury))


def test_preview_transfer__around_a_change_of_fees__follows_the_clock(token, token_policy, alice, bob):
    valid_from = clock.now_s() + clock.HOUR_S
    token.setTransferFees(packed(100, 0, 0, 0), packed(200, 0, 0, 0), valid_from, {"from": token_policy})
    clock.move_to(valid_from - 1)
    before = token.previewTransfer(alice, bob, 1000)
    clock.move_to(valid_from)
    assert (before, token.previewTransfer(alice, bob, 1000)) == ((990, 10), (980, 20))


def test_preview_transfer__of_system_accounts__costs_no_fee(token, set_fees, alice, treasury):
    set_fees(2000, 2000, 2000, 2000)
    assert token.previewTransfer(alice, treasury, 1000) == (1000, 0)


def test_preview_transfer__more_than_the_balance__is_the_transfers_refusal(token, alice, bob):
    with refused("ERC20InsufficientBalance", alice, 1000, 1001):
        token.previewTransfer(alice, bob, 1001)


def test_preview_transfer__to_a_non_member__is_the_transfers_refusal(token, alice, outsider):
    with refused("CommunityTokenCannotReceive", outsider, 0):
        token.previewTransfer(alice, outsider, 1)


def test_preview_transfer__from_a_non_member__is_the_transfers_refusal(token, alice, outsider):
    with refused("CommunityTokenCannotSend", outsider, 0):
        token.previewTransfer(outsider, alice, 0)


@pytest.mark.parametrize("status", [2, 4])
def test_preview_transfer__from_a_frozen_wallet__is_the_transfers_refusal(token, alice, bob, set_status, status):
    set_status(alice, status)
    with refused("CommunityTokenCannotSend", alice, status):
        token.previewTransfer(alice, bob, 1)


def test_preview_transfer__to_the_zero_address__is_the_transfers_refusal(token, alice):
    with refused("ERC20InvalidReceiver", ZERO_ADDRESS):
        token.previewTransfer(alice, ZERO_ADDRESS, 1)


def test_preview_transfer__in_a_pause__is_the_transfers_refusal(token, alice, bob, paused):
    with refused("CommunityTokenPaused", paused):
        token.previewTransfer(alice, bob, 1)
