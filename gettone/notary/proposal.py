"""The proposal of a settlement and its EIP-712 struct hash: the link of the chain of settlements."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from typing import Any

from gettone.errors import InputError
from gettone.notary.keccak import keccak256

PROPOSAL_TYPE = (
    "Proposal(bytes32 deploymentId,uint32 periodIndex,uint32 revision,uint64 periodStart,uint64 periodEnd,"
    "uint32 modelVersion,bytes32 paramsDigest,bytes32 assignmentRoot,uint32 leafCount,bytes32 rosterRoot,"
    "bytes32 aggregatesRoot,bytes32 ingestRoot,uint64 ingestSize,uint256 total,bytes32 payoutsRoot,"
    "uint32 chunkCount,bytes32 previousSettlement)"
)
PROPOSAL_TUPLE = (
    "(bytes32,uint32,uint32,uint64,uint64,uint32,bytes32,bytes32,uint32,bytes32,bytes32,bytes32,uint64,uint256,"
    "bytes32,uint32,bytes32)"
)


@dataclass(frozen=True, slots=True)
class SettlementProposal:
    """The 17 fields of a proposal in the order of its EIP-712 type; unix seconds and base units."""

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

    def words(self) -> list[bytes]:
        """The fields as 32-byte ABI words."""
        return [field if isinstance(field, bytes) else field.to_bytes(32, "big") for field in astuple(self)]

    def struct_hash(self) -> bytes:
        """hashStruct of EIP-712, without the domain: what `previousSettlement` of the next proposal holds."""
        return keccak256(keccak256(PROPOSAL_TYPE.encode()) + b"".join(self.words()))


def proposal_of_words(words: Sequence[bytes]) -> SettlementProposal:
    """The proposal of 17 ABI words, as the event SettlementOpened carries them."""
    kinds = [field.type for field in fields(SettlementProposal)]
    if len(words) != len(kinds):
        raise InputError("proposal_words", f"a proposal has {len(kinds)} words, not {len(words)}")
    values: list[Any] = [
        word if kind is bytes else int.from_bytes(word, "big") for kind, word in zip(kinds, words, strict=True)
    ]
    return SettlementProposal(*values)
