"""replaceWallet: the old wallet orders it and the new one consents; at once, carried by anybody."""

import clock
import pytest
from MemberRegistry.conftest import ALICE_ID, BOB_ID
from membership import CITIZEN, STAKEHOLDER, join
from people import person
from refusal import refused
from typed_data import CHAIN_ID

ZERO_ID = "0x" + 64 * "0"


@pytest.fixture
def new(accounts):
    """The wallet that alice wants to have."""
    return person(accounts, "new wallet of alice")


@pytest.fixture
def replace(members, deadline, signed_replace, consent, alice, new, outsider):
    """Function: replace alice's wallet with both signatures; keyword arguments falsify them."""

    def send(order=None, agreed=None, target=new):
        order = signed_replace(alice, ALICE_ID, target) if order is None else order
        agreed = consent(target, ALICE_ID) if agreed is None else agreed
        return members.replaceWallet(ALICE_ID, target, deadline, order, agreed, {"from": outsider})

    return send


def test_replace_wallet__both_signed__moves_the_account(token, alice_holds, replace, alice, new):
    replace()
    assert (token.accountOf(alice), token.accountOf(new)) == ((0, 0, 0), (1000, 1, 1))


def test_replace_wallet__both_signed__moves_the_member(members, alice_holds, replace, alice, new):
    replace()
    assert (members.walletOf(ALICE_ID), members.memberOf(new)) == (new, "0x" + ALICE_ID.hex())
    assert (members.memberOf(alice), members.isRetired(alice)) == (ZERO_ID, True)


def test_replace_wallet__both_signed__emits_the_event(alice_holds, replace, alice, new):
    expected = {"memberId": "0x" + ALICE_ID.hex(), "oldWallet": alice, "newWallet": new}
    assert dict(replace().events["WalletReplaced"]) == expected


def test_replace_wallet__sent_by_the_old_wallet__needs_no_order(
    members, token, alice_holds, consent, alice, new, deadline
):
    members.replaceWallet(ALICE_ID, new, deadline, b"", consent(new, ALICE_ID), {"from": alice})
    assert token.accountOf(new) == (1000, 1, 1)


def test_replace_wallet__sent_by_another_without_order__names_both(alice_holds, replace, alice, outsider):
    with refused("MemberRegistryNotTheWallet", outsider, alice):
        replace(order=b"")


@pytest.mark.parametrize(
    "falsified",
    [{"nonce": 0}, {"until": 2**40}, {"community": "another"}, {"chain_id": CHAIN_ID + 1}],
    ids=["nonce", "deadline", "community", "chain id"],
)
def test_replace_wallet__order_of_something_else__is_refused(
    alice_holds, replace, signed_replace, alice, new, falsified
):
    with refused("MemberRegistryConsentInvalid", alice, 1):
        replace(order=signed_replace(alice, ALICE_ID, new, **falsified))


def test_replace_wallet__order_to_another_wallet__is_refused(alice_holds, replace, signed_replace, alice, bob):
    with refused("MemberRegistryConsentInvalid", alice, 1):
        replace(order=signed_replace(alice, ALICE_ID, bob))


def test_replace_wallet__order_signed_by_the_new_wallet__is_refused(alice_holds, replace, signed_replace, alice, new):
    with refused("MemberRegistryConsentInvalid", alice, 1):
        replace(order=signed_replace(new, ALICE_ID, new))


def test_replace_wallet__objection_used_as_order__is_refused(alice_holds, replace, signed_objection, alice, new):
    with refused("MemberRegistryConsentInvalid", alice, 1):
        replace(order=signed_objection(alice, ALICE_ID, new))


def test_replace_wallet__new_wallet_did_not_consent__is_refused(alice_holds, replace, consent, bob, new):
    with refused("MemberRegistryConsentInvalid", new, 0):
        replace(agreed=consent(bob, ALICE_ID))


def test_replace_wallet__consent_in_another_class__is_refused(alice_holds, replace, consent, new):
    with refused("MemberRegistryConsentInvalid", new, 0):
        replace(agreed=consent(new, ALICE_ID, class_=STAKEHOLDER))


def test_replace_wallet__after_the_deadline__names_both_times(alice_holds, replace, deadline):
    clock.next_block_at(deadline + 1)
    with refused("MemberRegistryConsentExpired", deadline, deadline + 1):
        replace()


def test_replace_wallet__frozen__names_the_freezer(alice_holds, freeze, replace, community_admin):
    freeze(ALICE_ID)
    with refused("MemberRegistryFrozen", ALICE_ID, community_admin):
        replace()


def test_replace_wallet__wallet_of_another_member__is_refused(members, registrar, alice_holds, replace, bob):
    join(members, registrar, bob, CITIZEN, BOB_ID)
    with refused("MemberRegistryWalletTaken", bob, BOB_ID):
        replace(target=bob)


def test_replace_wallet__back_to_the_retired_wallet__is_refused(
    members, alice_holds, replace, consent, signed_replace, alice, new, deadline
):
    replace()
    agreed = consent(alice, ALICE_ID, nonce=2)
    with refused("MemberRegistryWalletRetired", alice):
        members.replaceWallet(ALICE_ID, alice, deadline, b"", agreed, {"from": new})


def test_join__with_a_retired_wallet__is_refused(members, registrar, alice_holds, replace, consent, alice, deadline):
    replace()
    with refused("MemberRegistryWalletRetired", alice):
        members.join(BOB_ID, alice, CITIZEN, deadline, consent(alice, BOB_ID, nonce=2), {"from": registrar})


def test_replace_wallet__present_wallet_again__does_nothing(members, alice_holds, alice, deadline):
    assert len(members.replaceWallet(ALICE_ID, alice, deadline, b"", b"", {"from": alice}).events) == 0


def test_replace_wallet__pending_proposal__is_void(members, alice_holds, propose, replace, consent, new, bob):
    propose(ALICE_ID, bob)
    receipt = replace()
    assert receipt.events["ReplacementCancelled"]["newWallet"] == bob


def test_replace_wallet__who_left__keeps_status_and_grace(members, token, alice_holds, leave, replace, alice, new):
    left_at = leave(alice, ALICE_ID).timestamp
    clock.next_block_at(left_at + 60)
    replace()
    assert token.accountOf(new) == (1000, 1, 3)
    assert members.graceOf(new) == (True, 90 * clock.DAY_S - 60, False)


def test_replace_wallet__zero_address__cannot_consent(members, alice_holds, signed_replace, alice, deadline):
    zero = "0x" + 40 * "0"
    with refused("MemberRegistryConsentInvalid", zero, 0):
        members.replaceWallet(ALICE_ID, zero, deadline, b"", bytes(65), {"from": alice})


def test_replace_wallet__in_a_pause__waits(token, guardian, alice_holds, replace):
    paused_at = token.pause({"from": guardian}).timestamp
    with refused("CommunityTokenPaused", paused_at):
        replace()


def test_replace_wallet__payout_to_the_old_wallet__is_skipped(token, alice_holds, replace, pay_out, alice):
    replace()
    pay_out(alice, 9)
    assert token.accountOf(alice) == (0, 0, 0)
