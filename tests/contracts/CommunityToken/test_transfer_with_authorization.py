"""transferWithAuthorization: a transfer that its holder signed, carried by anybody (ERC-3009)."""

import clock
import pytest
from refusal import refused
from typed_data import sign_transfer, split_signature

NONCE = bytes.fromhex("0a" * 32)


@pytest.fixture
def now(token):
    """Time of the transaction that carries the authorization."""
    instant = clock.now_s() + 60
    clock.next_block_at(instant)
    return instant


@pytest.fixture
def authorization(alice, bob, now):
    """Alice gives bob 300 base units within ten minutes around now."""
    window = {"validAfter": now - 300, "validBefore": now + 300}
    return {"from": alice.address, "to": bob.address, "value": 300} | window | {"nonce": NONCE}


@pytest.fixture
def carry(token, outsider):
    """Function (authorization, signature): carry it as somebody who is no member; with `parts` as v, r, s."""

    def send(authorization: dict, signature: bytes, *, parts: bool = False):
        given = split_signature(signature) if parts else (signature,)
        return token.transferWithAuthorization(*authorization.values(), *given, {"from": outsider})

    return send


@pytest.mark.parametrize("parts", [False, True], ids=["bytes", "v, r, s"])
def test_transfer_with_authorization__signed__moves_the_amount(token, carry, authorization, alice, bob, parts):
    carry(authorization, sign_transfer(alice, token, authorization), parts=parts)
    assert (token.balanceOf(alice), token.balanceOf(bob)) == (700, 300)


def test_transfer_with_authorization__signed__says_that_it_was_used(token, carry, authorization, alice):
    receipt = carry(authorization, sign_transfer(alice, token, authorization))
    assert receipt.events["AuthorizationUsed"]["authorizer"] == alice
    assert bytes(receipt.events["AuthorizationUsed"]["nonce"]) == NONCE
    assert token.authorizationState(alice, NONCE) is True


def test_transfer_with_authorization__replayed__is_refused(token, carry, authorization, alice):
    signature = sign_transfer(alice, token, authorization)
    carry(authorization, signature)
    with refused("CommunityTokenAuthorizationUsed", alice, NONCE):
        carry(authorization, signature)


def test_transfer_with_authorization__with_fee__is_charged_as_a_transfer(
    token, set_fees, outsider, alice, bob, treasury
):
    set_fees(1000, 0, 0, 0)
    start = clock.now_s()
    signed = {"from": alice.address, "to": bob.address, "value": 300, "validAfter": start - 1}
    signed |= {"validBefore": start + 500, "nonce": NONCE}
    token.transferWithAuthorization(*signed.values(), sign_transfer(alice, token, signed), {"from": outsider})
    assert (token.balanceOf(bob), token.balanceOf(treasury)) == (270, 30)


@pytest.mark.parametrize(
    ("field", "by"), [("value", 1), ("validAfter", 1), ("validBefore", -1), ("nonce", None), ("to", None)]
)
def test_transfer_with_authorization__another_than_was_signed__is_refused(
    token, carry, authorization, alice, field, by
):
    signature = sign_transfer(alice, token, authorization)
    other = authorization[field] + by if by else {"nonce": bytes(32), "to": alice.address}[field]
    changed = authorization | {field: other}
    with refused("CommunityTokenAuthorizationInvalid", alice, changed["nonce"]):
        carry(changed, signature)


def test_transfer_with_authorization__signed_by_somebody_else__is_refused(token, carry, authorization, alice, bob):
    with refused("CommunityTokenAuthorizationInvalid", alice, NONCE):
        carry(authorization, sign_transfer(bob, token, authorization))


def test_transfer_with_authorization__signed_for_another_chain__is_refused(token, carry, authorization, alice):
    with refused("CommunityTokenAuthorizationInvalid", alice, NONCE):
        carry(authorization, sign_transfer(alice, token, authorization, chain_id=1982))


def test_transfer_with_authorization__signed_for_another_token__is_refused(
    project, community, token, carry, authorization, alice, deployer
):
    other = project.CommunityToken.deploy(community.manager, community.treasury, "Fontana", "FON", {"from": deployer})
    instant = clock.now_s() + 60
    moved = authorization | {"validAfter": instant - 300, "validBefore": instant + 300}
    clock.next_block_at(instant)
    with refused("CommunityTokenAuthorizationInvalid", alice, NONCE):
        carry(moved, sign_transfer(alice, other, moved))


def test_transfer_with_authorization__empty_signature__is_refused(carry, authorization, alice):
    with refused("CommunityTokenAuthorizationInvalid", alice, NONCE):
        carry(authorization, b"")


def test_transfer_with_authorization__at_its_beginning__is_not_yet_valid(token, carry, authorization, alice, now):
    early = authorization | {"validAfter": now}
    with refused("CommunityTokenAuthorizationNotYetValid", now, now):
        carry(early, sign_transfer(alice, token, early))


def test_transfer_with_authorization__at_its_end__is_expired(token, carry, authorization, alice, now):
    late = authorization | {"validBefore": now}
    with refused("CommunityTokenAuthorizationExpired", now, now):
        carry(late, sign_transfer(alice, token, late))


def test_transfer_with_authorization__longer_than_ten_minutes__is_refused(token, carry, authorization, alice, now):
    long = authorization | {"validBefore": now + 301}
    with refused("CommunityTokenAuthorizationTooLong", 601, 600):
        carry(long, sign_transfer(alice, token, long))


def test_transfer_with_authorization__of_a_frozen_holder__is_refused(token, set_status, outsider, alice, bob):
    set_status(alice, 2)
    start = clock.now_s()
    signed = {"from": alice.address, "to": bob.address, "value": 300, "validAfter": start - 1}
    signed |= {"validBefore": start + 500, "nonce": NONCE}
    with refused("CommunityTokenCannotSend", alice, 2):
        token.transferWithAuthorization(*signed.values(), sign_transfer(alice, token, signed), {"from": outsider})


def test_transfer_with_authorization__refused_for_its_amount__can_be_tried_again(token, carry, authorization, alice):
    large = authorization | {"value": 1001}
    with refused("ERC20InsufficientBalance", alice, 1000, 1001):
        carry(large, sign_transfer(alice, token, large))
    assert token.authorizationState(alice, NONCE) is False


def test_transfer_with_authorization__contract_wallet_accepts__moves(
    token, contract_wallet, outsider, alice, bob, set_status
):
    set_status(contract_wallet, 1)
    token.transfer(contract_wallet, 300, {"from": alice})
    start = clock.now_s()
    signed = {"from": contract_wallet.address, "to": bob.address, "value": 300, "validAfter": start - 1}
    signed |= {"validBefore": start + 500, "nonce": NONCE}
    token.transferWithAuthorization(*signed.values(), sign_transfer(outsider, token, signed), {"from": bob})
    assert token.balanceOf(bob) == 300
