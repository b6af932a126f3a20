"""join: nobody becomes a member without the wallet's own consent, and everybody at most once."""

import clock
import deployment
import pytest
from brownie import ZERO_ADDRESS
from MemberRegistry.conftest import ALICE_ID, BOB_ID
from membership import ACTIVE, CITIZEN, STAKEHOLDER, SYSTEM
from people import acting_as
from refusal import refused
from typed_data import CHAIN_ID, sign_join


@pytest.fixture
def joined(members, registrar, alice, deadline, consent):
    """Alice joined; the value is the signature she joined with."""
    signature = consent(alice, ALICE_ID)
    members.join(ALICE_ID, alice, CITIZEN, deadline, signature, {"from": registrar})
    return signature


def test_join__with_consent__links_member_and_wallet(members, joined, alice):
    assert (members.walletOf(ALICE_ID), members.memberOf(alice)) == (alice, "0x" + ALICE_ID.hex())


def test_join__with_consent__activates_the_account(token, joined, alice):
    assert token.accountOf(alice) == (0, CITIZEN, ACTIVE)


def test_join__with_consent__counts_member_and_nonce(members, joined, alice):
    assert (members.memberCount(), members.nonces(alice)) == (1, 1)


def test_join__with_consent__emits_the_event(members, registrar, alice, deadline, consent):
    signature = consent(alice, ALICE_ID, class_=STAKEHOLDER)
    receipt = members.join(ALICE_ID, alice, STAKEHOLDER, deadline, signature, {"from": registrar})
    expected = {"memberId": "0x" + ALICE_ID.hex(), "wallet": alice, "class_": STAKEHOLDER}
    assert dict(receipt.events["MemberJoined"]) == expected


def test_join__same_call_again__does_nothing(members, joined, registrar, alice, deadline):
    receipt = members.join(ALICE_ID, alice, CITIZEN, deadline, joined, {"from": registrar})
    assert (len(receipt.events), members.memberCount(), members.nonces(alice)) == (0, 1, 1)


def test_join__same_call_again_after_the_deadline__does_nothing(members, joined, registrar, alice, deadline):
    clock.move_to(deadline + 1)
    receipt = members.join(ALICE_ID, alice, CITIZEN, deadline, joined, {"from": registrar})
    assert len(receipt.events) == 0


def test_join__signed_by_somebody_else__is_refused(members, registrar, alice, bob, deadline):
    signature = sign_join(bob, members, ALICE_ID, CITIZEN, 0, deadline)
    with refused("MemberRegistryConsentInvalid", alice, 0):
        members.join(ALICE_ID, alice, CITIZEN, deadline, signature, {"from": registrar})


@pytest.mark.parametrize(
    "falsified",
    [{"class_": STAKEHOLDER}, {"nonce": 1}, {"until": 2**40}, {"community": "another"}, {"chain_id": CHAIN_ID + 1}],
    ids=["class", "nonce", "deadline", "community", "chain id"],
)
def test_join__consent_to_something_else__is_refused(members, registrar, alice, deadline, consent, falsified):
    signature = consent(alice, ALICE_ID, **falsified)
    with refused("MemberRegistryConsentInvalid", alice, 0):
        members.join(ALICE_ID, alice, CITIZEN, deadline, signature, {"from": registrar})


def test_join__consent_for_another_member_id__is_refused(members, registrar, alice, deadline, consent):
    with refused("MemberRegistryConsentInvalid", alice, 0):
        members.join(ALICE_ID, alice, CITIZEN, deadline, consent(alice, BOB_ID), {"from": registrar})


def test_join__consent_signed_for_another_registry__is_refused(members, token, registrar, alice, deadline):
    signature = sign_join(alice, token, ALICE_ID, CITIZEN, 0, deadline)
    with refused("MemberRegistryConsentInvalid", alice, 0):
        members.join(ALICE_ID, alice, CITIZEN, deadline, signature, {"from": registrar})


def test_join__consent_given_to_another_community__is_refused(
    project, community, members, registrar, alice, deadline, deployer
):
    """The same id, wallet and deadline in a registry beside: its own contract is a part of what is signed."""
    other = deployment.deploy_members(project, community.manager, community.token, community.treasury, deployer)
    signature = sign_join(alice, other, ALICE_ID, CITIZEN, 0, deadline)
    with refused("MemberRegistryConsentInvalid", alice, 0):
        members.join(ALICE_ID, alice, CITIZEN, deadline, signature, {"from": registrar})


def test_join__suspended_community__takes_no_member(
    accounts, registry, token, members, registrar, alice, deadline, consent
):
    token.setSuspended(True, {"from": acting_as(accounts, registry)})
    with refused("CommunityTokenSuspended"):
        members.join(ALICE_ID, alice, CITIZEN, deadline, consent(alice, ALICE_ID), {"from": registrar})


def test_join__in_a_pause__is_done(token, members, guardian, registrar, alice, deadline, consent):
    token.pause({"from": guardian})
    members.join(ALICE_ID, alice, CITIZEN, deadline, consent(alice, ALICE_ID), {"from": registrar})
    assert token.accountOf(alice) == (0, CITIZEN, ACTIVE)


def test_join__empty_signature__is_refused(members, registrar, alice, deadline):
    with refused("MemberRegistryConsentInvalid", alice, 0):
        members.join(ALICE_ID, alice, CITIZEN, deadline, b"", {"from": registrar})


def test_join__refused_consent__uses_no_nonce(members, registrar, alice, deadline):
    with refused("MemberRegistryConsentInvalid", alice, 0):
        members.join(ALICE_ID, alice, CITIZEN, deadline, b"", {"from": registrar})
    assert members.nonces(alice) == 0


def test_join__at_the_deadline__is_done(members, registrar, alice, deadline, consent):
    clock.next_block_at(deadline)
    members.join(ALICE_ID, alice, CITIZEN, deadline, consent(alice, ALICE_ID), {"from": registrar})
    assert members.walletOf(ALICE_ID) == alice


def test_join__after_the_deadline__names_both_times(members, registrar, alice, deadline, consent):
    clock.next_block_at(deadline + 1)
    with refused("MemberRegistryConsentExpired", deadline, deadline + 1):
        members.join(ALICE_ID, alice, CITIZEN, deadline, consent(alice, ALICE_ID), {"from": registrar})


def test_join__second_member_with_the_wallet__is_refused(members, joined, registrar, alice, deadline, consent):
    with refused("MemberRegistryWalletTaken", alice, ALICE_ID):
        members.join(BOB_ID, alice, CITIZEN, deadline, consent(alice, BOB_ID, nonce=1), {"from": registrar})


def test_join__second_wallet_of_the_member__is_refused(members, joined, registrar, alice, bob, deadline, consent):
    with refused("MemberRegistryMemberTaken", ALICE_ID, alice, CITIZEN):
        members.join(ALICE_ID, bob, CITIZEN, deadline, consent(bob, ALICE_ID), {"from": registrar})


def test_join__again_in_another_class__is_refused(members, joined, registrar, alice, deadline, consent):
    signature = consent(alice, ALICE_ID, class_=STAKEHOLDER, nonce=1)
    with refused("MemberRegistryMemberTaken", ALICE_ID, alice, CITIZEN):
        members.join(ALICE_ID, alice, STAKEHOLDER, deadline, signature, {"from": registrar})


def test_join__member_id_zero__is_refused(members, registrar, alice, deadline, consent):
    with refused("MemberRegistryMemberIdZero"):
        members.join(bytes(32), alice, CITIZEN, deadline, consent(alice, bytes(32)), {"from": registrar})


@pytest.mark.parametrize("class_", [0, SYSTEM, 4])
def test_join__class_that_nobody_joins_in__is_refused(members, registrar, alice, deadline, consent, class_):
    signature = consent(alice, ALICE_ID, class_=class_)
    with refused("MemberRegistryClassOutOfRange", class_, CITIZEN, STAKEHOLDER):
        members.join(ALICE_ID, alice, class_, deadline, signature, {"from": registrar})


def test_join__zero_address__has_no_consent(members, registrar, deadline):
    with refused("MemberRegistryConsentInvalid", ZERO_ADDRESS, 0):
        members.join(ALICE_ID, ZERO_ADDRESS, CITIZEN, deadline, bytes(65), {"from": registrar})


def test_join__by_the_member_alone__is_refused(members, alice, deadline, consent):
    with refused("AccessManagedUnauthorized", alice):
        members.join(ALICE_ID, alice, CITIZEN, deadline, consent(alice, ALICE_ID), {"from": alice})


def test_join__contract_wallet_accepts__is_a_member(
    members, token, registrar, outsider, contract_wallet, deadline, consent
):
    signature = consent(outsider, ALICE_ID)
    members.join(ALICE_ID, contract_wallet, CITIZEN, deadline, signature, {"from": registrar})
    assert token.accountOf(contract_wallet) == (0, CITIZEN, ACTIVE)


def test_join__wallet_that_calls_back__joins_once(members, registrar, reentering_wallet, outsider, deadline):
    """While it is asked for its consent it tries to join as another member; a question cannot write."""
    again = members.join.encode_input(BOB_ID, reentering_wallet, CITIZEN, deadline, b"anything")
    reentering_wallet.prepare(members, again, {"from": outsider})
    members.join(ALICE_ID, reentering_wallet, CITIZEN, deadline, b"anything", {"from": registrar})
    assert (members.memberCount(), members.walletOf(BOB_ID)) == (1, ZERO_ADDRESS)


def test_join__contract_wallet_does_not_accept__is_refused(members, registrar, bob, contract_wallet, deadline, consent):
    with refused("MemberRegistryConsentInvalid", contract_wallet, 0):
        members.join(ALICE_ID, contract_wallet, CITIZEN, deadline, consent(bob, ALICE_ID), {"from": registrar})


def test_join__contract_without_erc_1271__is_refused(members, token, registrar, bob, deadline, consent):
    with refused("MemberRegistryConsentInvalid", token, 0):
        members.join(ALICE_ID, token, CITIZEN, deadline, consent(bob, ALICE_ID), {"from": registrar})
