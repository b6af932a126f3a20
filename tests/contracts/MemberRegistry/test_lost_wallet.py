"""proposeReplacement, objectToReplacement, executeReplacement: a lost key, with time for the old wallet to object."""

import clock
import deployment
import pytest
from brownie import ZERO_ADDRESS
from MemberRegistry.conftest import ALICE_ID, BOB_ID
from membership import CITIZEN, STAKEHOLDER, join
from people import person
from refusal import refused
from typed_data import CHAIN_ID

DELAY_S = deployment.REPLACEMENT_DELAY_S
NOTICE_S = deployment.MIN_NOTICE_S


@pytest.fixture
def new(accounts):
    return person(accounts, "new wallet of alice")


@pytest.fixture
def proposed_at(alice_holds, propose, new):
    """Alice's replacement is proposed; the moment of it (unix seconds)."""
    return propose(ALICE_ID, new).timestamp


@pytest.fixture
def execute(members, outsider):
    """Function: somebody executes alice's replacement."""
    return lambda: members.executeReplacement(ALICE_ID, {"from": outsider})


def test_propose_replacement__accepted__is_public_with_its_date(members, proposed_at, new):
    assert members.pendingReplacement(ALICE_ID) == (new, proposed_at + DELAY_S)


def test_propose_replacement__accepted__emits_the_event(alice_holds, propose, alice, new):
    receipt = propose(ALICE_ID, new)
    expected = {"memberId": "0x" + ALICE_ID.hex(), "oldWallet": alice, "newWallet": new}
    assert dict(receipt.events["ReplacementProposed"]) == expected | {"executableAt": receipt.timestamp + DELAY_S}


def test_propose_replacement__accepted__moves_nothing_yet(token, proposed_at, alice):
    assert token.accountOf(alice) == (1000, 1, 1)


def test_propose_replacement__same_again__keeps_the_date(members, proposed_at, propose, new):
    clock.next_block_at(proposed_at + 60)
    assert len(propose(ALICE_ID, new).events) == 0
    assert members.pendingReplacement(ALICE_ID)[1] == proposed_at + DELAY_S


def test_propose_replacement__another_beside__names_the_pending(proposed_at, propose, new, bob):
    with refused("MemberRegistryReplacementPending", ALICE_ID, new, proposed_at + DELAY_S):
        propose(ALICE_ID, bob)


def test_propose_replacement__consent_of_another_class__is_refused(alice_holds, propose, new):
    with refused("MemberRegistryConsentInvalid", new, 0):
        propose(ALICE_ID, new, class_=STAKEHOLDER)


def test_propose_replacement__by_the_community_admin__is_refused(alice_holds, propose, new, community_admin):
    with refused("AccessManagedUnauthorized", community_admin):
        propose(ALICE_ID, new, sender=community_admin)


def test_propose_replacement__unknown_member__is_refused(propose, members, new):
    with refused("MemberRegistryUnknown", BOB_ID):
        propose(BOB_ID, new)


def test_propose_replacement__wallet_of_a_member__is_refused(members, registrar, alice_holds, propose, bob):
    join(members, registrar, bob, CITIZEN, BOB_ID)
    with refused("MemberRegistryWalletTaken", bob, BOB_ID):
        propose(ALICE_ID, bob)


def test_execute_replacement__a_second_too_early__names_the_date(proposed_at, execute):
    clock.next_block_at(proposed_at + DELAY_S - 1)
    with refused("MemberRegistryReplacementTooEarly", proposed_at + DELAY_S - 1, proposed_at + DELAY_S):
        execute()


def test_execute_replacement__on_its_date__moves_the_account(members, token, proposed_at, execute, alice, new):
    clock.next_block_at(proposed_at + DELAY_S)
    execute()
    assert (token.accountOf(alice), token.accountOf(new)) == ((0, 0, 0), (1000, 1, 1))
    assert (members.walletOf(ALICE_ID), members.isRetired(alice)) == (new, True)


def test_execute_replacement__twice__is_refused(proposed_at, execute):
    clock.next_block_at(proposed_at + DELAY_S)
    execute()
    with refused("MemberRegistryNoReplacement", ALICE_ID):
        execute()


def test_execute_replacement__nothing_proposed__is_refused(alice_holds, execute):
    with refused("MemberRegistryNoReplacement", ALICE_ID):
        execute()


def test_execute_replacement__new_wallet_joined_meanwhile__is_refused(members, registrar, proposed_at, execute, new):
    join(members, registrar, new, CITIZEN, BOB_ID)
    clock.next_block_at(proposed_at + DELAY_S)
    with refused("MemberRegistryWalletTaken", new, BOB_ID):
        execute()


def test_execute_replacement__member_left_meanwhile__moves_status_and_grace(
    members, token, proposed_at, leave, execute, alice, new
):
    leave(alice, ALICE_ID)
    clock.next_block_at(proposed_at + DELAY_S)
    execute()
    assert (token.accountOf(new), members.graceOf(new)[0]) == ((1000, 1, 3), True)


def test_object_to_replacement__by_the_old_wallet__voids_it(members, proposed_at, alice, new):
    receipt = members.objectToReplacement(ALICE_ID, 0, b"", {"from": alice})
    assert receipt.events["ReplacementObjected"]["newWallet"] == new
    assert members.pendingReplacement(ALICE_ID) == (ZERO_ADDRESS, 0)


def test_object_to_replacement__signed__is_carried_by_anybody(
    members, proposed_at, signed_objection, alice, new, outsider, deadline
):
    members.objectToReplacement(ALICE_ID, deadline, signed_objection(alice, ALICE_ID, new), {"from": outsider})
    assert members.pendingReplacement(ALICE_ID) == (ZERO_ADDRESS, 0)


def test_object_to_replacement__after_its_date_but_before_execution__still_counts(members, proposed_at, alice, execute):
    clock.move_to(proposed_at + 2 * DELAY_S)
    members.objectToReplacement(ALICE_ID, 0, b"", {"from": alice})
    with refused("MemberRegistryNoReplacement", ALICE_ID):
        execute()


def test_object_to_replacement__in_a_pause__counts(members, token, guardian, proposed_at, alice):
    token.pause({"from": guardian})
    members.objectToReplacement(ALICE_ID, 0, b"", {"from": alice})
    assert members.pendingReplacement(ALICE_ID) == (ZERO_ADDRESS, 0)


def test_object_to_replacement__by_the_new_wallet__names_both(members, proposed_at, alice, new):
    with refused("MemberRegistryNotTheWallet", new, alice):
        members.objectToReplacement(ALICE_ID, 0, b"", {"from": new})


@pytest.mark.parametrize(
    "falsified",
    [{"nonce": 0}, {"until": 2**40}, {"community": "another"}, {"chain_id": CHAIN_ID + 1}],
    ids=["nonce", "deadline", "community", "chain id"],
)
def test_object_to_replacement__signature_over_something_else__is_refused(
    members, proposed_at, signed_objection, alice, new, outsider, deadline, falsified
):
    signature = signed_objection(alice, ALICE_ID, new, **falsified)
    with refused("MemberRegistryConsentInvalid", alice, 1):
        members.objectToReplacement(ALICE_ID, deadline, signature, {"from": outsider})


def test_object_to_replacement__after_the_deadline__names_both_times(
    members, proposed_at, signed_objection, alice, new, outsider, deadline
):
    clock.next_block_at(deadline + 1)
    with refused("MemberRegistryConsentExpired", deadline, deadline + 1):
        members.objectToReplacement(ALICE_ID, deadline, signed_objection(alice, ALICE_ID, new), {"from": outsider})


def test_object_to_replacement__nothing_proposed__is_refused(members, alice_holds, alice):
    with refused("MemberRegistryNoReplacement", ALICE_ID):
        members.objectToReplacement(ALICE_ID, 0, b"", {"from": alice})


def test_cancel_replacement__by_the_community_admin__voids_it(members, proposed_at, community_admin, new):
    receipt = members.cancelReplacement(ALICE_ID, {"from": community_admin})
    assert receipt.events["ReplacementCancelled"]["newWallet"] == new


def test_cancel_replacement__nothing_proposed__is_refused(members, alice_holds, community_admin):
    with refused("MemberRegistryNoReplacement", ALICE_ID):
        members.cancelReplacement(ALICE_ID, {"from": community_admin})


def test_propose_replacement__of_a_frozen_wallet__waits_for_the_notice(alice_holds, freeze, propose, members, new):
    freeze(ALICE_ID)
    proposed = propose(ALICE_ID, new).timestamp
    assert members.pendingReplacement(ALICE_ID) == (new, proposed + NOTICE_S)


def test_object_to_replacement__frozen_wallet__is_refused(
    members, alice_holds, freeze, propose, alice, new, community_admin
):
    """It may be the thief's: more time and a second key take the place of its objection."""
    freeze(ALICE_ID)
    propose(ALICE_ID, new)
    with refused("MemberRegistryFrozen", ALICE_ID, community_admin):
        members.objectToReplacement(ALICE_ID, 0, b"", {"from": alice})


def test_execute_replacement__of_a_frozen_wallet__stays_frozen(token, alice_holds, freeze, propose, execute, new):
    freeze(ALICE_ID)
    proposed = propose(ALICE_ID, new).timestamp
    clock.next_block_at(proposed + NOTICE_S)
    execute()
    assert token.accountOf(new) == (1000, 1, 2)


def test_propose_replacement__by_who_froze__is_refused(community, alice_holds, freeze, propose, new, community_admin):
    community.manager.grantRole(6, community_admin, 0, {"from": community_admin})
    freeze(ALICE_ID)
    with refused("MemberRegistryProposerFroze", ALICE_ID, community_admin):
        propose(ALICE_ID, new, sender=community_admin)


def test_propose_replacement__through_the_permission_book__is_refused(
    community, members, alice_holds, registrar, consent, new, deadline
):
    call = members.proposeReplacement.encode_input(ALICE_ID, new, deadline, consent(new, ALICE_ID))
    with refused("MemberRegistryNotDirect", community.manager):
        community.manager.execute(members, call, {"from": registrar})
