"""Signing EIP-712 typed data of the contracts: one domain per contract, one struct per statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eth_account.messages import SignableMessage, encode_typed_data

from gettone.chain.contract import checksum_address
from gettone.chain.signer import Signer, sign_statement

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

    def sign(self, account: Signer, types: Mapping[str, Fields], message: Mapping[str, Any]) -> bytes:
        """The 65-byte signature of `account`, checked."""
        return sign_statement(account, self.signable(types, message))
