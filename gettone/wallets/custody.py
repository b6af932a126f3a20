"""Three levels of custody, each said as it is (identity and API specification §3), and keys that the server holds.

A custodial key is sealed under a data key of its own, which is wrapped by the vault; both name community, member and
address as associated data, so that a ciphertext moved to another row opens for nobody.  It is never exported.
"""

import secrets
from dataclasses import dataclass
from enum import StrEnum

from gettone.chain.signer import LocalSigner
from gettone.errors import MissingInput
from gettone.vault import KEY_BYTES, Vault, seal, unseal


class Custody(StrEnum):
    """Who holds the key of a wallet."""

    OWN = "own"
    DEVICE = "device"
    CUSTODIAL = "custodial"


@dataclass(frozen=True, slots=True)
class Level:
    """What a level of custody means for the member."""

    key_holder: str
    operator_could_move_tokens: bool
    key_loss: str
    signing: str


LEVELS: dict[Custody, Level] = {
    Custody.OWN: Level("the member's own wallet, never seen by us", False, "replacement", "in the wallet"),
    Custody.DEVICE: Level(
        "the member's browser, under a passphrase we do not know", False, "own backup, else replacement", "in the page"
    ),
    Custody.CUSTODIAL: Level(
        "this server, encrypted; each use follows a logged request",
        True,
        "cannot happen to the member",
        "by the server",
    ),
}


@dataclass(frozen=True, slots=True)
class SealedKey:
    """A private key that only the vault opens, with the wallet it belongs to."""

    address: str
    sealed: bytes
    data_key: bytes


def new_sealed_key(vault: Vault, community: str, member_id: str) -> SealedKey:
    """A fresh custodial key of a member of a community."""
    secret = secrets.token_bytes(32)
    address = LocalSigner(secret).address
    owner, data_key = ("wallet", community, member_id, address), secrets.token_bytes(KEY_BYTES)
    return SealedKey(address, seal(data_key, secret, owner), vault.wrap(data_key, owner))


def open_key(vault: Vault, community: str, member_id: str, key: SealedKey) -> LocalSigner:
    """The signer of a custodial wallet; Conflict for a ciphertext of another row, MissingInput for a destroyed one."""
    if not key.sealed:
        raise MissingInput("key_destroyed", "the key of this wallet was destroyed when the member left")
    owner = ("wallet", community, member_id, key.address)
    return LocalSigner(unseal(vault.unwrap(key.data_key, owner), key.sealed, owner))
