"""setTransferFees: what applies now and from when on something else does; no rate above a fifth, whoever asks."""

import clock
import pytest
from CommunityToken.conftest import packed
from refusal import refused

NOW_BPS, NEXT_BPS = packed(100, 200, 300, 400), packed(500, 600, 700, 800)


@pytest.fixture
def valid_from(token, token_policy):
    """One percent now and five percent from this moment on, between citizens."""
    instant = clock.now_s() + clock.HOUR_S
    token.setTransferFees(NOW_BPS, NEXT_BPS, instant, {"from": token_policy})
    return instant


def test_set_transfer_fees__both__are_read_back(token, valid_from):
    assert token.transferFees() == (NOW_BPS, NEXT_BPS, valid_from)


def test_set_transfer_fees__both__emits_them(token, token_policy):
    receipt = token.setTransferFees(NOW_BPS, NEXT_BPS, 7, {"from": token_policy})
    expected = {"current": NOW_BPS, "scheduled": NEXT_BPS, "validFrom": 7}
    assert dict(receipt.events["TransferFeesSet"]) == expected


@pytest.mark.parametrize(("before_s", "arrives"), [(1, 990), (0, 950), (-1, 950)])
def test_set_transfer_fees__around_the_moment__apply_to_the_second(token, valid_from, alice, bob, before_s, arrives):
    clock.next_block_at(valid_from - before_s)
    token.transfer(bob, 1000, {"from": alice})
    assert token.balanceOf(bob) == arrives


def test_set_transfer_fees__no_moment__never_applies_the_next(token, token_policy, alice, bob):
    token.setTransferFees(NOW_BPS, 0, 0, {"from": token_policy})
    token.transfer(bob, 1000, {"from": alice})
    assert token.balanceOf(bob) == 990


@pytest.mark.parametrize("place", range(4))
def test_set_transfer_fees__rate_above_the_limit_now__is_refused(token, token_policy, place):
    with refused("CommunityTokenFeeAboveLimit", 2001, 2000):
        token.setTransferFees(2001 << 16 * place, 0, 0, {"from": token_policy})


@pytest.mark.parametrize("place", range(4))
def test_set_transfer_fees__rate_above_the_limit_later__is_refused(token, token_policy, place):
    with refused("CommunityTokenFeeAboveLimit", 65535, 2000):
        token.setTransferFees(0, 65535 << 16 * place, 7, {"from": token_policy})


def test_set_transfer_fees__while_paused_and_suspended__keeps_both(
    token, token_policy, community_registry, paused, alice, bob
):
    token.setSuspended(True, {"from": community_registry})
    token.setTransferFees(NOW_BPS, NEXT_BPS, 7, {"from": token_policy})
    assert (token.isPaused(), token.isSuspended()) == (True, True)


def test_set_transfer_fees__by_a_member__is_refused(token, alice):
    with refused("AccessManagedUnauthorized", alice):
        token.setTransferFees(0, 0, 0, {"from": alice})
