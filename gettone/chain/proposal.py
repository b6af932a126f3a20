"""What the oracles sign to open a settlement: EIP-712 data of the SettlementLedger (contracts.md §7)."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from typing import Any, Self

from eth_account import Account
from eth_account.messages import SignableMessage, encode_typed_data
from eth_account.signers.local import LocalAccount

from gettone.chain.contract import checksum_address
from gettone.chain.keys import require_signing_backend

_PROPOSAL_FIELDS = (
    ("deploymentId", "bytes32"),
    ("periodIndex", "uint32"),
    ("revision", "uint32"),
    ("periodStart", "uint64"),
    ("periodEnd", "uint64"),
    ("modelVersion", "uint32"),
    ("paramsDigest", "bytes32"),
    ("assignmentRoot", "bytes32"),
    ("leafCount", "uint32"),
    ("rosterRoot", "bytes32"),
    ("aggregatesRoot", "bytes32"),
    ("ingestRoot", "bytes32"),
    ("ingestSize", "uint64"),
    ("total", "uint256"),
    ("payoutsRoot", "bytes32"),
    ("chunkCount", "uint32"),
    ("previousSettlement", "bytes32"),
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """One settlement as proposed; the field order is that of the contract's struct.

    Instants are unix seconds, `total_units` base units, roots and digests 32 bytes (SHA-256), and
    `previous_settlement` the EIP-712 struct hash of the proposal opened before, 32 zero bytes for the first.
    """

    deployment_id: bytes
    period_index: int
    revision: int
    period_start_s: int
    period_end_s: int
    model_version: int
    params_digest: bytes
    assignment_root: bytes
    leaf_count: int
    roster_root: bytes
    aggregates_root: bytes
    ingest_root: bytes
    ingest_size: int
    total_units: int
    payouts_root: bytes
    chunk_count: int
    previous_settlement: bytes

    def to_chain(self) -> tuple[Any, ...]:
        """The struct as the ABI encodes it."""
        return astuple(self)

    @classmethod
    def of_chain(cls, values: Iterable[Any]) -> Self:
        """From the struct of an event or a call."""
        plain: list[Any] = [bytes(one) if isinstance(one, bytes) else one for one in values]
        return cls(*plain)

    def struct_hash(self) -> bytes:
        """hashStruct of EIP-712, without the domain: the settlement's name on chain."""
        # The body of the signable message does not depend on the domain.
        return bytes(_signable(self, "0x" + "00" * 20, 0).body)


def sign_proposal(account: LocalAccount, ledger: str, chain_id: int, proposal: Proposal) -> bytes:
    """An oracle's 65-byte signature for the ledger at that address; Refused without coincurve."""
    require_signing_backend()
    return bytes(account.sign_message(_signable(proposal, ledger, chain_id)).signature)


def proposal_signer(signature: bytes, ledger: str, chain_id: int, proposal: Proposal) -> str:
    """EIP-55 address of the key that made `signature`."""
    return str(Account.recover_message(_signable(proposal, ledger, chain_id), signature=signature))


def ordered_signatures(
    signatures: Iterable[bytes], ledger: str, chain_id: int, proposal: Proposal
) -> list[bytes]:
    """The signatures ascending by signer, as the ledger demands them, each signer once."""
    by_signer = {int(proposal_signer(one, ledger, chain_id, proposal), 16): one for one in signatures}
    return [by_signer[signer] for signer in sorted(by_signer)]


def sign_void(account: LocalAccount, ledger: str, chain_id: int, proposal_hash: bytes) -> bytes:
    """An oracle's signature under `Void(bytes32 settlement)`, which gives up the unpaid rest."""
    require_signing_backend()
    types = {"Void": [{"name": "settlement", "type": "bytes32"}]}
    message = encode_typed_data(_domain(ledger, chain_id), types, {"settlement": proposal_hash})
    return bytes(account.sign_message(message).signature)


def _signable(proposal: Proposal, ledger: str, chain_id: int) -> SignableMessage:
    types = {"Proposal": [{"name": name, "type": kind} for name, kind in _PROPOSAL_FIELDS]}
    values = (getattr(proposal, field.name) for field in fields(proposal))
    message = {name: value for (name, _), value in zip(_PROPOSAL_FIELDS, values, strict=True)}
    return encode_typed_data(_domain(ledger, chain_id), types, message)


def _domain(ledger: str, chain_id: int) -> dict[str, Any]:
    return {
        "name": "SettlementLedger",
        "version": "1",
        "chainId": chain_id,
        "verifyingContract": checksum_address(ledger),
    }
