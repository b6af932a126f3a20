"""Custodial keys open for their own row alone, and every level says who could move tokens."""

from dataclasses import replace

import pytest

from gettone.chain.signer import recover
from gettone.errors import Conflict, MissingInput
from gettone.vault import Vault
from gettone.wallets.custody import LEVELS, Custody, SealedKey, new_sealed_key, open_key

pytestmark = pytest.mark.unit

VAULT, MEMBER = Vault(bytes(range(32))), "aa" * 32


def test_open_key__own_row__signs_as_its_address() -> None:
    key = new_sealed_key(VAULT, "fontana", MEMBER)
    signer = open_key(VAULT, "fontana", MEMBER, key)
    assert recover(b"payload", signer.sign(b"payload")) == key.address == signer.address


@pytest.mark.parametrize(("community", "member"), [("other", MEMBER), ("fontana", "bb" * 32)])
def test_open_key__moved_to_another_row__opens_for_nobody(community: str, member: str) -> None:
    key = new_sealed_key(VAULT, "fontana", MEMBER)
    with pytest.raises(Conflict):
        open_key(VAULT, community, member, key)


def test_open_key__under_another_address__opens_for_nobody() -> None:
    key, other = (new_sealed_key(VAULT, "fontana", MEMBER) for _ in range(2))
    for wrong in (
        replace(key, address=other.address),
        SealedKey(key.address, other.sealed, key.data_key),
        SealedKey(key.address, key.sealed, other.data_key),
    ):
        with pytest.raises(Conflict):
            open_key(VAULT, "fontana", MEMBER, wrong)


def test_open_key__destroyed__is_missing() -> None:
    with pytest.raises(MissingInput):
        open_key(VAULT, "fontana", MEMBER, SealedKey("0x", b"", b""))


def test_levels__only_custodial__lets_the_operator_move_tokens() -> None:
    assert {one for one in Custody if LEVELS[one].operator_could_move_tokens} == {Custody.CUSTODIAL}
