"""join after leaving: the same member comes back, with the same wallet or, after its grace, with a new one."""

import clock
import pytest
from MemberRegistry.conftest import ALICE_ID, BOB_ID
from membership import CITIZEN, STAKEHOLDER, join
from refusal import refused

GRACE_S = 90 * clock.DAY_S


@pytest.fixture
def left_at(alice_holds, leave, alice):
    """Alice left with 1000 base units; the moment of it (unix seconds)."""
    return leave(alice, ALICE_ID).timestamp


def test_join__again_with_the_same_wallet__is_active_with_what_it_holds(members, token, registrar, left_at, alice):
    join(members, registrar, alice, CITIZEN, ALICE_ID)
    assert token.accountOf(alice) == (1000, 1, 1)


def test_join__again_with_the_same_wallet__ends_the_grace(members, registrar, left_at, alice):
    join(members, registrar, alice, CITIZEN, ALICE_ID)
    assert members.graceOf(alice) == (False, 0, False)


def test_join__again__is_no_further_member(members, registrar, left_at, alice):
    join(members, registrar, alice, CITIZEN, ALICE_ID)
    assert members.memberCount() == 1


def test_join__again_in_another_class__is_that_class(members, token, registrar, left_at, alice):
    join(members, registrar, alice, STAKEHOLDER, ALICE_ID)
    assert token.accountOf(alice) == (1000, 2, 1)


def test_join__again_with_a_new_wallet_in_the_grace__names_the_rest(
    members, registrar, left_at, bob, deadline, consent
):
    clock.next_block_at(left_at + 60)
    with refused("MemberRegistryInGrace", members.walletOf(ALICE_ID), GRACE_S - 60):
        members.join(ALICE_ID, bob, CITIZEN, deadline, consent(bob, ALICE_ID), {"from": registrar})


def test_join__again_with_a_new_wallet_after_the_grace__is_the_members_wallet(members, registrar, left_at, bob):
    clock.move_to(left_at + GRACE_S)
    join(members, registrar, bob, CITIZEN, ALICE_ID)
    assert members.walletOf(ALICE_ID) == bob


def test_join__again_with_a_new_wallet__leaves_the_old_to_be_swept(members, token, registrar, left_at, alice, bob):
    clock.move_to(left_at + GRACE_S)
    join(members, registrar, bob, CITIZEN, ALICE_ID)
    members.sweep(alice, {"from": bob})
    assert (token.accountOf(alice), token.accountOf(bob)) == ((0, 1, 3), (0, 1, 1))


def test_join__another_member_with_a_wallet_that_left__is_refused(
    members, registrar, left_at, alice, deadline, consent
):
    with refused("MemberRegistryWalletTaken", alice, ALICE_ID):
        members.join(BOB_ID, alice, CITIZEN, deadline, consent(alice, BOB_ID, nonce=1), {"from": registrar})


def test_join__again_while_frozen__names_the_freezer(
    members, registrar, left_at, freeze, community_admin, alice, deadline, consent
):
    freeze(ALICE_ID)
    with refused("MemberRegistryFrozen", ALICE_ID, community_admin):
        members.join(ALICE_ID, alice, CITIZEN, deadline, consent(alice, ALICE_ID, nonce=1), {"from": registrar})


def test_join__again_with_the_first_consent__is_no_way_back(members, registrar, left_at, alice, deadline, consent):
    with refused("MemberRegistryConsentInvalid", alice, 1):
        members.join(ALICE_ID, alice, CITIZEN, deadline, consent(alice, ALICE_ID), {"from": registrar})
