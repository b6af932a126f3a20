"""ERC-2612 permit and the EIP-5267 domain under which it is signed."""

import clock
import pytest
from refusal import refused, refused_with
from typed_data import CHAIN_ID, sign_permit


@pytest.fixture
def deadline():
    return clock.now_s() + clock.HOUR_S


def test_permit__signed_by_the_owner__sets_the_allowance(token, alice, bob, outsider, deadline):
    signature = sign_permit(alice, token, bob, 70, 0, deadline)
    token.permit(alice, bob, 70, deadline, *signature, {"from": outsider})
    assert token.allowance(alice, bob) == 70


def test_permit__used__counts_the_nonce(token, alice, bob, deadline):
    token.permit(alice, bob, 70, deadline, *sign_permit(alice, token, bob, 70, 0, deadline), {"from": bob})
    assert token.nonces(alice) == 1


def test_permit__replayed__is_refused(token, alice, bob, deadline):
    signature = sign_permit(alice, token, bob, 70, 0, deadline)
    token.permit(alice, bob, 70, deadline, *signature, {"from": bob})
    with refused_with("ERC2612InvalidSigner"):
        token.permit(alice, bob, 70, deadline, *signature, {"from": bob})


def test_permit__signed_by_somebody_else__names_signer_and_owner(token, alice, bob, deadline):
    signature = sign_permit(bob, token, bob, 70, 0, deadline, owner=alice)
    with refused("ERC2612InvalidSigner", bob, alice):
        token.permit(alice, bob, 70, deadline, *signature, {"from": bob})


def test_permit__of_another_amount__is_refused(token, alice, bob, deadline):
    signature = sign_permit(alice, token, bob, 70, 0, deadline)
    with refused_with("ERC2612InvalidSigner"):
        token.permit(alice, bob, 71, deadline, *signature, {"from": bob})


def test_permit__signed_for_another_chain__is_refused(token, alice, bob, deadline):
    signature = sign_permit(alice, token, bob, 70, 0, deadline, chain_id=CHAIN_ID + 1)
    with refused_with("ERC2612InvalidSigner"):
        token.permit(alice, bob, 70, deadline, *signature, {"from": bob})


def test_permit__at_its_deadline__is_good(token, alice, bob, deadline):
    signature = sign_permit(alice, token, bob, 70, 0, deadline)
    clock.next_block_at(deadline)
    token.permit(alice, bob, 70, deadline, *signature, {"from": bob})
    assert token.allowance(alice, bob) == 70


def test_permit__after_its_deadline__is_refused(token, alice, bob, deadline):
    signature = sign_permit(alice, token, bob, 70, 0, deadline)
    clock.next_block_at(deadline + 1)
    with refused("ERC2612ExpiredSignature", deadline):
        token.permit(alice, bob, 70, deadline, *signature, {"from": bob})


def test_permit__of_a_non_member__gives_no_way_to_move(token, alice, outsider, deadline):
    signature = sign_permit(outsider, token, alice, 70, 0, deadline)
    token.permit(outsider, alice, 70, deadline, *signature, {"from": alice})
    with refused("CommunityTokenCannotSend", outsider, 0):
        token.transferFrom(outsider, alice, 70, {"from": alice})


def test_eip712_domain__of_the_token__names_itself_chain_and_contract(token):
    _, name, version, chain_id, contract, _, _ = token.eip712Domain()
    assert (name, version, chain_id, contract) == ("Fontana", "1", CHAIN_ID, token.address)
