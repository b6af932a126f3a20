"""What a member signed, as it is kept, and the call that carries it to the chain."""

from collections.abc import Callable, Mapping
from typing import Any

from gettone.chain.authorization import TransferAuthorization
from gettone.chain.contract import Call
from gettone.chain.contract_set import CommunityContracts

TRANSFER = "transfer"

Document = Mapping[str, Any]


def call_of(contracts: CommunityContracts, kind: str, document: Document) -> Call:
    """The call that carries an act of a kind; InputError for a document that no contract would take."""
    return _CALLS[kind](contracts, document)


def transfer_document(authorization: TransferAuthorization, signature: bytes) -> dict[str, Any]:
    """A transfer that a member authorized (ERC-3009)."""
    return {
        "from": authorization.sender,
        "to": authorization.to,
        "units": str(authorization.amount_units),
        "valid_after_s": authorization.valid_after_s,
        "valid_before_s": authorization.valid_before_s,
        "nonce": authorization.nonce.hex(),
        "signature": signature.hex(),
    }


def _transfer_call(contracts: CommunityContracts, document: Document) -> Call:
    authorization = TransferAuthorization(
        document["from"],
        document["to"],
        int(document["units"]),
        document["valid_after_s"],
        document["valid_before_s"],
        bytes.fromhex(document["nonce"]),
    )
    return contracts.token.transfer_with_authorization(authorization, bytes.fromhex(document["signature"]))


_CALLS: dict[str, Callable[[CommunityContracts, Document], Call]] = {TRANSFER: _transfer_call}
