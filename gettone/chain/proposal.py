"""What the oracles sign to open a settlement: EIP-712 data of the SettlementLedger (contracts.md §7)."""

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from eth_account import Account
from eth_account.messages import SignableMessage

from gettone.chain.contract import load_artifact
from gettone.chain.signer import Signer, sign_statement
from gettone.chain.typed_data import Domain
from gettone.notary.proposal import SettlementProposal


def proposal_of_chain(values: Iterable[Any]) -> SettlementProposal:
    """The proposal of the struct in an event or a call."""
    plain: list[Any] = [bytes(one) if isinstance(one, bytes) else one for one in values]
    return SettlementProposal(*plain)


def sign_proposal(account: Signer, ledger: str, chain_id: int, proposal: SettlementProposal) -> bytes:
    """An oracle's 65-byte signature for the ledger at that address, checked."""
    return sign_statement(account, signable_proposal(ledger, chain_id, proposal))


def proposal_signer(signature: bytes, ledger: str, chain_id: int, proposal: SettlementProposal) -> str:
    """EIP-55 address of the key that made `signature`."""
    signable = signable_proposal(ledger, chain_id, proposal)
    return str(Account.recover_message(signable, signature=signature))


def ordered_signatures(
    signatures: Iterable[bytes], ledger: str, chain_id: int, proposal: SettlementProposal
) -> list[bytes]:
    """The signatures ascending by signer, as the ledger demands them, each signer once."""
    by_signer = {int(proposal_signer(one, ledger, chain_id, proposal), 16): one for one in signatures}
    return [by_signer[signer] for signer in sorted(by_signer)]


def sign_void(account: Signer, ledger: str, chain_id: int, proposal_hash: bytes) -> bytes:
    """An oracle's signature under `Void(bytes32 settlement)`, which gives up the unpaid rest."""
    domain = Domain("SettlementLedger", chain_id, ledger)
    return domain.sign(account, {"Void": (("settlement", "bytes32"),)}, {"settlement": proposal_hash})


def signable_proposal(ledger: str, chain_id: int, proposal: SettlementProposal) -> SignableMessage:
    """The typed data of a proposal; its `body` is the struct hash, its `header` the domain separator.

    Names and types are those of the contract's ABI, so that this and the notary's own encoding check each other.
    """
    struct = _proposal_struct()
    values = (getattr(proposal, field.name) for field in fields(proposal))
    message = {name: value for (name, _), value in zip(struct, values, strict=True)}
    return Domain("SettlementLedger", chain_id, ledger).signable({"Proposal": struct}, message)


def _proposal_struct() -> list[tuple[str, str]]:
    abi = load_artifact("SettlementLedger")["abi"]
    opening = next(entry for entry in abi if entry["type"] == "function" and entry["name"] == "open")
    return [(one["name"], one["type"]) for one in opening["inputs"][0]["components"]]
