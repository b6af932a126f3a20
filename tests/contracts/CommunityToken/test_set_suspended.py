"""setSuspended: the platform's word, kept where the whole set reads it; members go on trading."""

import pytest
from refusal import refused


@pytest.fixture
def suspended(token, community_registry):
    return token.setSuspended(True, {"from": community_registry})


def test_set_suspended__true__is_read_back(token, suspended):
    assert token.isSuspended() is True


def test_set_suspended__true__emits_it(suspended):
    assert dict(suspended.events["SuspensionSet"]) == {"suspended": True}


def test_set_suspended__again__emits_nothing(token, suspended, community_registry):
    assert len(token.setSuspended(True, {"from": community_registry}).events) == 0


def test_set_suspended__false__resumes(token, suspended, community_registry):
    token.setSuspended(False, {"from": community_registry})
    assert token.isSuspended() is False


def test_set_suspended__transfers__go_on(token, suspended, alice, bob):
    token.transfer(bob, 5, {"from": alice})
    assert token.balanceOf(bob) == 5


def test_set_suspended__issue__is_refused(token, suspended, the_treasury):
    with refused("CommunityTokenSuspended"):
        token.issue(1, {"from": the_treasury})


def test_set_suspended__burn__goes_on(token, suspended, the_treasury, alice):
    token.transfer(the_treasury, 5, {"from": alice})
    token.burn(5, {"from": the_treasury})
    assert token.totalSupply() == 995


@pytest.mark.parametrize("question", ["requireRunning", "requireNotSuspended"])
def test_require__suspended__refuses(token, suspended, question):
    with refused("CommunityTokenSuspended"):
        getattr(token, question)()


def test_require_running__paused__refuses(token, paused):
    with refused("CommunityTokenPaused", paused):
        token.requireRunning()


def test_require_not_suspended__paused__is_silent(token, paused):
    assert token.requireNotSuspended() == ()


@pytest.mark.parametrize("question", ["requireRunning", "requireNotSuspended"])
def test_require__running__is_silent(token, question):
    assert getattr(token, question)() == ()


def test_set_suspended__by_the_platform_admin_directly__is_refused(token, platform_admin):
    with refused("AccessManagedUnauthorized", platform_admin):
        token.setSuspended(True, {"from": platform_admin})
