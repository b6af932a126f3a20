"""Signing EIP-712 typed data of the contracts: one domain per contract, one struct per statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eth_account.messages import SignableMessage, encode_typed_data
from eth_account.signers.local import LocalAccount

from gettone.chain.contract import checksum_address
from gettone.chain.keys import require_signing_backend

VERSION = "1"

Fields = Sequence[tuple[str, str]]
"""Names and types of a struct's fields, in its order."""


@dataclass(frozen=True, slots=True)
class Domain:
    """The contract a statement is meant for (EIP-712): its domain name, the network's chain id, its address."""

    name: str
    chain_id: int
    contract: str

    def signable(self, types: Mapping[str, Fields], message: Mapping[str, Any]) -> SignableMessage:
        """The statement ready to sign; its `body` is the struct hash, its `header` the domain separator.

        The primary type is the one of `types` that no other refers to.
        """
        domain = {
            "name": self.name,
            "version": VERSION,
            "chainId": self.chain_id,
            "verifyingContract": checksum_address(self.contract),
        }
        structs = {name: [{"name": one, "type": kind} for one, kind in fields] for name, fields in types.items()}
        return encode_typed_data(domain, structs, dict(message))

    def sign(self, account: LocalAccount, types: Mapping[str, Fields], message: Mapping[str, Any]) -> bytes:
        """The 65-byte signature of `account`; Refused `signing_backend` without coincurve."""
        require_signing_backend()
        return bytes(account.sign_message(self.signable(types, message)).signature)
