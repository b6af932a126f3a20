"""A key signs and never shows itself; a signature is proven before anybody relies on it."""

import copy
import pickle

import pytest
from eth_account import Account
from eth_account.messages import encode_defunct
from eth_utils.crypto import keccak

from gettone.chain.outbox.legacy import noop_row, signed_row
from gettone.chain.signer import LocalSigner, recover, sign_checked, sign_message
from gettone.errors import CheckFailed

pytestmark = pytest.mark.unit

SECRET = keccak(text="throw-away key")
SIGNER = LocalSigner(SECRET)


def test_local_signer__every_text_form__shows_the_address_alone() -> None:
    for text in (repr(SIGNER), str(SIGNER), f"{SIGNER}"):
        assert text == f"LocalSigner({SIGNER.address})"
    assert not hasattr(SIGNER, "__dict__")


@pytest.mark.parametrize("write", [pickle.dumps, copy.copy, copy.deepcopy])
def test_local_signer__copied_out_of_the_process__refused(write: object) -> None:
    with pytest.raises(TypeError, match="not written anywhere"):
        write(SIGNER)  # type: ignore[operator]


def test_sign__same_key_in_another_library__same_address_and_signature() -> None:
    account = Account.from_key(SECRET)
    address, signature = sign_message(SIGNER, b"hello")
    assert (SIGNER.address, "0x" + address.hex()) == (account.address, account.address.lower())
    assert signature == bytes(account.sign_message(encode_defunct(b"hello")).signature)


def test_signed_row__legacy_transaction__same_bytes_as_another_library_makes() -> None:
    row = signed_row(noop_row(SIGNER.address, 7), SIGNER, 1981, 7, 3)
    content = {"nonce": 7, "gasPrice": 0, "gas": 21_000, "to": SIGNER.address, "value": 0, "data": b"", "chainId": 1981}
    made = Account.from_key(SECRET).sign_transaction(content)
    assert (row.raw, row.tx_hash) == (bytes(made.raw_transaction), "0x" + bytes(made.hash).hex())
    assert Account.recover_transaction(row.raw) == SIGNER.address


class Impostor:
    """Says one address and signs with another key."""

    address = "0x" + "11" * 20

    def sign(self, payload: bytes) -> bytes:
        return SIGNER.sign(payload)


def test_sign_checked__signature_of_another_key__refused_with_both() -> None:
    with pytest.raises(CheckFailed) as refusal:
        sign_checked(Impostor(), b"payload")
    assert refusal.value.code == "signature_invalid"
    assert SIGNER.address in refusal.value.message
    assert Impostor.address in refusal.value.message


def test_recover__payload_signed__the_address() -> None:
    assert recover(b"payload", SIGNER.sign(b"payload")) == SIGNER.address
