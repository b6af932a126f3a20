"""leave: by the member's own will, sent by its wallet or signed by it and carried by anybody."""

import clock
import pytest
from MemberRegistry.conftest import ALICE_ID, BOB_ID
from people import acting_as
from refusal import refused
from typed_data import CHAIN_ID

GRACE_S = 90 * clock.DAY_S


def test_leave__sent_by_the_wallet__is_left_with_what_it_holds(token, alice_holds, leave, alice):
    leave(alice, ALICE_ID)
    assert token.accountOf(alice) == (1000, 1, 3)


def test_leave__sent_by_the_wallet__emits_the_event(alice_holds, leave, alice):
    expected = {"memberId": "0x" + ALICE_ID.hex(), "wallet": alice, "excluded": False}
    assert dict(leave(alice, ALICE_ID).events["MemberLeft"]) == expected


def test_leave__sent_by_the_wallet__starts_ninety_days_of_grace(members, alice_holds, leave, alice):
    leave(alice, ALICE_ID)
    assert members.graceOf(alice) == (True, GRACE_S, False)


def test_leave__sent_by_somebody_else__names_both(members, alice_holds, alice, bob):
    with refused("MemberRegistryNotTheWallet", bob, alice):
        members.leave(ALICE_ID, 0, b"", {"from": bob})


def test_leave__signed__is_carried_by_anybody(members, token, alice_holds, signed_leave, alice, outsider, deadline):
    members.leave(ALICE_ID, deadline, signed_leave(alice, ALICE_ID), {"from": outsider})
    assert token.accountOf(alice) == (1000, 1, 3)


@pytest.mark.parametrize(
    "falsified",
    [{"nonce": 0}, {"until": 2**40}, {"community": "another"}, {"chain_id": CHAIN_ID + 1}],
    ids=["nonce", "deadline", "community", "chain id"],
)
def test_leave__signature_over_something_else__is_refused(
    members, alice_holds, signed_leave, alice, outsider, deadline, falsified
):
    with refused("MemberRegistryConsentInvalid", alice, 1):
        members.leave(ALICE_ID, deadline, signed_leave(alice, ALICE_ID, **falsified), {"from": outsider})


def test_leave__signed_by_somebody_else__is_refused(members, alice_holds, signed_leave, alice, bob, deadline):
    with refused("MemberRegistryConsentInvalid", alice, 1):
        members.leave(ALICE_ID, deadline, signed_leave(bob, ALICE_ID), {"from": bob})


def test_leave__consent_to_join_used_as_declaration__is_refused(members, alice_holds, consent, alice, bob, deadline):
    with refused("MemberRegistryConsentInvalid", alice, 1):
        members.leave(ALICE_ID, deadline, consent(alice, ALICE_ID, nonce=1), {"from": bob})


def test_leave__after_the_deadline__names_both_times(members, alice_holds, signed_leave, alice, bob, deadline):
    clock.next_block_at(deadline + 1)
    with refused("MemberRegistryConsentExpired", deadline, deadline + 1):
        members.leave(ALICE_ID, deadline, signed_leave(alice, ALICE_ID), {"from": bob})


def test_leave__replayed_after_joining_again__is_refused(
    members, registrar, alice_holds, signed_leave, consent, alice, outsider, deadline
):
    signature = signed_leave(alice, ALICE_ID)
    members.leave(ALICE_ID, deadline, signature, {"from": outsider})
    members.join(ALICE_ID, alice, 1, deadline, consent(alice, ALICE_ID, nonce=2), {"from": registrar})
    with refused("MemberRegistryConsentInvalid", alice, 3):
        members.leave(ALICE_ID, deadline, signature, {"from": outsider})


def test_leave__twice__is_refused(members, alice_holds, leave, alice):
    leave(alice, ALICE_ID)
    with refused("MemberRegistryLeft", ALICE_ID, alice):
        leave(alice, ALICE_ID)


def test_leave__unknown_member__is_refused(leave, alice):
    with refused("MemberRegistryUnknown", BOB_ID):
        leave(alice, BOB_ID)


def test_leave__frozen__stays_frozen(token, alice_holds, freeze, leave, alice):
    freeze(ALICE_ID)
    leave(alice, ALICE_ID)
    assert token.accountOf(alice) == (1000, 1, 4)


def test_leave__in_a_pause__is_done(token, guardian, alice_holds, leave, alice):
    token.pause({"from": guardian})
    leave(alice, ALICE_ID)
    assert token.accountOf(alice) == (1000, 1, 3)


def test_leave__suspended_community__lets_go(accounts, registry, token, alice_holds, leave, alice):
    token.setSuspended(True, {"from": acting_as(accounts, registry)})
    leave(alice, ALICE_ID)
    assert token.accountOf(alice) == (1000, 1, 3)


def test_leave__contract_wallet_signs__is_left(
    members, token, registrar, contract_wallet, signed_leave, consent, outsider, deadline
):
    members.join(ALICE_ID, contract_wallet, 1, deadline, consent(outsider, ALICE_ID), {"from": registrar})
    members.leave(ALICE_ID, deadline, signed_leave(outsider, ALICE_ID), {"from": registrar})
    assert token.accountOf(contract_wallet) == (0, 1, 3)


def test_leave__member_of__still_names_the_member(members, alice_holds, leave, alice):
    leave(alice, ALICE_ID)
    assert members.memberOf(alice) == "0x" + ALICE_ID.hex()
