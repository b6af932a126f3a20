"""exclude: announced, and done after the notice, within thirty days of its end."""

import clock
import deployment
import pytest
from MemberRegistry.conftest import ALICE_ID, BOB_ID
from refusal import refused

NOTICE_S = deployment.MIN_NOTICE_S
WINDOW_S = 30 * clock.DAY_S


@pytest.fixture
def announce(members, community_admin):
    return lambda: members.announceExclusion(ALICE_ID, {"from": community_admin})


@pytest.fixture
def exclude(members, community_admin):
    return lambda: members.exclude(ALICE_ID, {"from": community_admin})


@pytest.fixture
def announced_at(alice_holds, announce):
    """The exclusion of alice is announced; the moment of it (unix seconds)."""
    return announce().timestamp


def test_announce_exclusion__of_a_member__is_public_with_its_window(members, announced_at):
    assert members.pendingExclusion(ALICE_ID) == (announced_at + NOTICE_S, announced_at + NOTICE_S + WINDOW_S)


def test_announce_exclusion__of_a_member__emits_the_event(alice_holds, announce):
    receipt = announce()
    event = receipt.events["ExclusionAnnounced"]
    assert (event["from"], event["until"]) == (
        receipt.timestamp + NOTICE_S,
        receipt.timestamp + NOTICE_S + WINDOW_S,
    )


def test_announce_exclusion__again__keeps_the_first_date(members, announced_at, announce):
    clock.next_block_at(announced_at + 60)
    assert len(announce().events) == 0
    assert members.pendingExclusion(ALICE_ID)[0] == announced_at + NOTICE_S


def test_announce_exclusion__again_after_it_lapsed__starts_anew(members, announced_at, announce):
    later = announced_at + NOTICE_S + WINDOW_S + 1
    clock.next_block_at(later)
    announce()
    assert members.pendingExclusion(ALICE_ID)[0] == later + NOTICE_S


def test_announce_exclusion__member_goes_on_meanwhile(token, announced_at, alice):
    token.transfer(token.treasury(), 1, {"from": alice})
    assert token.accountOf(alice) == (999, 1, 1)


def test_announce_exclusion__who_left__is_refused(alice_holds, leave, announce, alice):
    leave(alice, ALICE_ID)
    with refused("MemberRegistryLeft", ALICE_ID, alice):
        announce()


def test_exclude__a_second_too_early__names_the_window(announced_at, exclude):
    start = announced_at + NOTICE_S
    clock.next_block_at(start - 1)
    with refused("MemberRegistryExclusionOutsideWindow", start - 1, start, start + WINDOW_S):
        exclude()


@pytest.mark.parametrize("after_s", [0, WINDOW_S])
def test_exclude__within_the_window__is_left_with_what_it_holds(token, announced_at, exclude, alice, after_s):
    clock.next_block_at(announced_at + NOTICE_S + after_s)
    exclude()
    assert token.accountOf(alice) == (1000, 1, 3)


def test_exclude__a_second_too_late__names_the_window(announced_at, exclude):
    start = announced_at + NOTICE_S
    clock.next_block_at(start + WINDOW_S + 1)
    with refused("MemberRegistryExclusionOutsideWindow", start + WINDOW_S + 1, start, start + WINDOW_S):
        exclude()


def test_exclude__done__says_so(members, announced_at, exclude, alice):
    clock.next_block_at(announced_at + NOTICE_S)
    expected = {"memberId": "0x" + ALICE_ID.hex(), "wallet": alice, "excluded": True}
    assert dict(exclude().events["MemberLeft"]) == expected
    assert members.graceOf(alice) == (True, 90 * clock.DAY_S, False)


def test_exclude__frozen__stays_frozen(token, announced_at, freeze, exclude, alice):
    freeze(ALICE_ID)
    clock.next_block_at(announced_at + NOTICE_S)
    exclude()
    assert token.accountOf(alice) == (1000, 1, 4)


def test_exclude__never_announced__is_refused(alice_holds, exclude):
    with refused("MemberRegistryNoExclusion", ALICE_ID):
        exclude()


def test_exclude__called_off__is_refused(members, announced_at, community_admin, exclude):
    members.cancelExclusion(ALICE_ID, {"from": community_admin})
    clock.next_block_at(announced_at + NOTICE_S)
    with refused("MemberRegistryNoExclusion", ALICE_ID):
        exclude()


def test_exclude__who_left_and_came_back__needs_a_new_announcement(
    members, registrar, announced_at, leave, exclude, alice, deadline, consent
):
    leave(alice, ALICE_ID)
    members.join(ALICE_ID, alice, 1, deadline, consent(alice, ALICE_ID, nonce=1), {"from": registrar})
    clock.next_block_at(announced_at + NOTICE_S)
    with refused("MemberRegistryNoExclusion", ALICE_ID):
        exclude()


def test_cancel_exclusion__announced__emits_the_event(members, announced_at, community_admin):
    receipt = members.cancelExclusion(ALICE_ID, {"from": community_admin})
    assert "ExclusionCancelled" in receipt.events
    assert members.pendingExclusion(ALICE_ID) == (0, 0)


def test_cancel_exclusion__nothing_announced__is_refused(members, alice_holds, community_admin):
    with refused("MemberRegistryNoExclusion", ALICE_ID):
        members.cancelExclusion(ALICE_ID, {"from": community_admin})


def test_announce_exclusion__unknown_member__is_refused(members, community_admin):
    with refused("MemberRegistryUnknown", BOB_ID):
        members.announceExclusion(BOB_ID, {"from": community_admin})
