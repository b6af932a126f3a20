"""freeze and unfreeze: the community administrator stops what a wallet sends, and never what it receives."""

import pytest
from MemberRegistry.conftest import ALICE_ID, BOB_ID
from refusal import refused


@pytest.fixture
def frozen(alice_holds, freeze):
    return freeze(ALICE_ID)


def test_freeze__active__is_frozen_in_the_token(token, frozen, alice):
    assert token.accountOf(alice) == (1000, 1, 2)


def test_freeze__active__remembers_who_did_it(members, frozen, community_admin):
    assert members.frozenBy(ALICE_ID) == community_admin


def test_freeze__active__emits_the_event(frozen, alice, community_admin):
    expected = {"memberId": "0x" + ALICE_ID.hex(), "wallet": alice, "by": community_admin}
    assert dict(frozen.events["MemberFrozen"]) == expected


def test_freeze__frozen__changes_nothing(frozen, freeze):
    assert len(freeze(ALICE_ID).events) == 0


def test_freeze__who_left__is_left_and_frozen(token, alice_holds, leave, freeze, alice):
    leave(alice, ALICE_ID)
    freeze(ALICE_ID)
    assert token.accountOf(alice) == (1000, 1, 4)


def test_freeze__pending_replacement__is_void(members, alice_holds, propose, freeze, outsider):
    propose(ALICE_ID, outsider)
    receipt = freeze(ALICE_ID)
    assert receipt.events["ReplacementCancelled"]["newWallet"] == outsider
    assert members.pendingReplacement(ALICE_ID)[1] == 0


def test_freeze__unknown_member__is_refused(freeze):
    with refused("MemberRegistryUnknown", BOB_ID):
        freeze(BOB_ID)


def test_freeze__through_the_permission_book__is_refused(community, members, alice_holds, community_admin):
    """All keys look alike there, and who froze may not propose a replacement."""
    call = members.freeze.encode_input(ALICE_ID)
    with refused("MemberRegistryNotDirect", community.manager):
        community.manager.execute(members, call, {"from": community_admin})


def test_freeze__by_the_registrar__is_refused(members, alice_holds, registrar):
    with refused("AccessManagedUnauthorized", registrar):
        members.freeze(ALICE_ID, {"from": registrar})


def test_unfreeze__frozen__is_active(token, frozen, unfreeze, alice):
    unfreeze(ALICE_ID)
    assert token.accountOf(alice) == (1000, 1, 1)


def test_unfreeze__frozen__emits_the_event_and_forgets_the_freezer(members, frozen, unfreeze, alice):
    receipt = unfreeze(ALICE_ID)
    assert dict(receipt.events["MemberUnfrozen"]) == {"memberId": "0x" + ALICE_ID.hex(), "wallet": alice}
    assert int(members.frozenBy(ALICE_ID), 16) == 0


def test_unfreeze__left_and_frozen__is_left(token, frozen, leave, unfreeze, alice):
    leave(alice, ALICE_ID)
    unfreeze(ALICE_ID)
    assert token.accountOf(alice) == (1000, 1, 3)


def test_unfreeze__not_frozen__changes_nothing(alice_holds, unfreeze):
    assert len(unfreeze(ALICE_ID).events) == 0


def test_unfreeze__unknown_member__is_refused(unfreeze):
    with refused("MemberRegistryUnknown", BOB_ID):
        unfreeze(BOB_ID)
