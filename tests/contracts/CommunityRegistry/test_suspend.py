"""suspend and resume: the platform's word on a community."""

import pytest
from refusal import refused

ACTIVE, SUSPENDED = 1, 2


@pytest.fixture
def registered(registry, register, entry):
    register(entry)
    return registry


@pytest.fixture
def suspended(registered, platform_admin):
    registered.suspend("fontana", {"from": platform_admin})
    return registered


def test_suspend__active__is_suspended(suspended):
    assert suspended.community("fontana")["status"] == SUSPENDED


def test_suspend__active__tells_the_token(suspended, token):
    assert token.isSuspended() is True


def test_suspend__active__emits_the_event(registered, platform_admin):
    receipt = registered.suspend("fontana", {"from": platform_admin})
    assert receipt.events["CommunitySuspended"]["communityId"] == "fontana"


def test_suspend__suspended__does_nothing(suspended, platform_admin):
    assert len(suspended.suspend("fontana", {"from": platform_admin}).events) == 0


def test_resume__suspended__is_active(suspended, platform_admin):
    receipt = suspended.resume("fontana", {"from": platform_admin})
    assert receipt.events["CommunityResumed"]["communityId"] == "fontana"
    assert suspended.community("fontana")["status"] == ACTIVE


def test_resume__suspended__tells_the_token(suspended, token, platform_admin):
    suspended.resume("fontana", {"from": platform_admin})
    assert token.isSuspended() is False


def test_resume__active__does_nothing(registered, platform_admin):
    assert len(registered.resume("fontana", {"from": platform_admin}).events) == 0


@pytest.mark.parametrize("function", ["suspend", "resume"])
def test_suspend_and_resume__unknown_community__are_refused(registered, platform_admin, function):
    with refused("CommunityRegistryUnknown", "montagna"):
        getattr(registered, function)("montagna", {"from": platform_admin})
