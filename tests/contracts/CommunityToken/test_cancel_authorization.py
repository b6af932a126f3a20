"""cancelAuthorization: a holder takes back what was not carried yet."""

import clock
import pytest
from refusal import refused
from typed_data import sign_cancel, sign_transfer, split_signature

NONCE = bytes.fromhex("0b" * 32)


@pytest.mark.parametrize("parts", [False, True], ids=["bytes", "v, r, s"])
def test_cancel_authorization__signed__makes_the_nonce_unusable(token, alice, outsider, parts):
    signature = sign_cancel(alice, token, NONCE)
    given = split_signature(signature) if parts else (signature,)
    receipt = token.cancelAuthorization(alice, NONCE, *given, {"from": outsider})
    assert bytes(receipt.events["AuthorizationCanceled"]["nonce"]) == NONCE
    assert token.authorizationState(alice, NONCE) is True


def test_cancel_authorization__then_carry_it__is_refused(token, alice, bob, outsider):
    start = clock.now_s()
    signed = {"from": alice.address, "to": bob.address, "value": 300, "validAfter": start - 1}
    signed |= {"validBefore": start + 500, "nonce": NONCE}
    signature = sign_transfer(alice, token, signed)
    token.cancelAuthorization(alice, NONCE, sign_cancel(alice, token, NONCE), {"from": outsider})
    with refused("CommunityTokenAuthorizationUsed", alice, NONCE):
        token.transferWithAuthorization(*signed.values(), signature, {"from": outsider})


def test_cancel_authorization__signed_by_somebody_else__is_refused(token, alice, bob):
    with refused("CommunityTokenAuthorizationInvalid", alice, NONCE):
        token.cancelAuthorization(alice, NONCE, sign_cancel(bob, token, NONCE, owner=alice), {"from": bob})


def test_cancel_authorization__again__is_refused(token, alice, bob):
    signature = sign_cancel(alice, token, NONCE)
    token.cancelAuthorization(alice, NONCE, signature, {"from": bob})
    with refused("CommunityTokenAuthorizationUsed", alice, NONCE):
        token.cancelAuthorization(alice, NONCE, signature, {"from": bob})
