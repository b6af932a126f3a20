"""JSON as the settlement tables keep it: exact text, read back to the same values."""

import json
from collections.abc import Sequence
from dataclasses import asdict, fields
from hashlib import sha256
from typing import Any, cast

from gettone.db.repositories.settlement_rows import Committed, Computed, SettlementRow
from gettone.errors import Conflict, InputError
from gettone.jcs import canonical
from gettone.notary.digests import params_digest
from gettone.notary.proposal import SettlementProposal as Proposal
from gettone.rewards.inputs import SlotTotal
from gettone.types import LocalClock


def to_text(document: Any) -> str:
    """Canonical JSON (RFC 8785) as text."""
    return canonical(document).decode()


def digest_of(text: str) -> bytes:
    """SHA-256 of the UTF-8 bytes of a stored text."""
    return sha256(text.encode()).digest()


def model_of(settlement: SettlementRow) -> dict[str, Any]:
    """The reward model of a settlement as it was read from the chain."""
    return cast(dict[str, Any], json.loads(settlement.computed.model_json))


def slot_totals_text(totals: Sequence[SlotTotal]) -> str:
    """Slot totals of a community as stored: a list of [slot start, withdrawn Wh, injected Wh]."""
    return to_text([[one.start_s, one.withdrawn_wh, one.injected_wh] for one in totals])


def slot_totals_of(settlement: SettlementRow) -> tuple[SlotTotal, ...]:
    """The slot totals of a stored settlement."""
    return tuple(SlotTotal(*row) for row in json.loads(settlement.computed.slot_totals_json))


def trimmed_clock(clock: LocalClock, from_s: int) -> LocalClock:
    """The clock from `from_s` on: the offset in force there, and each later change."""
    later = tuple(point for point in clock.points if point[0] > from_s)
    return LocalClock(((from_s, clock.offset_s(from_s)), *later))


def stored_proposal(settlement: SettlementRow, deployment_id: bytes, previous_settlement: bytes) -> Proposal:
    """The proposal of a proposed settlement: what its stored rows say, nothing else."""
    if settlement.committed is None:
        raise Conflict("settlement_state", f"settlement {settlement.settlement_id} has no proposal yet")
    return proposal_of(settlement.computed, settlement.committed, deployment_id, previous_settlement)


def proposal_of(computed: Computed, committed: Committed, deployment_id: bytes, previous_settlement: bytes) -> Proposal:
    """The proposal that a calculation and its trees make."""
    return Proposal(
        deployment_id=deployment_id,
        period_index=computed.period_index,
        revision=computed.revision,
        period_start_s=computed.period_start_s,
        period_end_s=computed.period_end_s,
        model_version=computed.model_version,
        params_digest=params_digest(json.loads(committed.params_json)),
        assignment_root=committed.assignment_root,
        leaf_count=committed.leaf_count,
        roster_root=committed.roster_root,
        aggregates_root=committed.aggregates_root,
        ingest_root=committed.ingest_root,
        ingest_size=committed.ingest_size,
        total_units=computed.total_units,
        payouts_root=committed.payouts_root,
        chunk_count=committed.chunk_count,
        previous_settlement=previous_settlement,
    )


def proposal_text(proposal: Proposal) -> str:
    """A proposal as stored: its fields by name, bytes in hex, numbers as strings."""
    return to_text(
        {name: value.hex() if isinstance(value, bytes) else str(value) for name, value in asdict(proposal).items()}
    )


def proposal_of_text(text: str) -> Proposal:
    """The proposal of its stored text; InputError `proposal_text` for one with other fields."""
    document = json.loads(text)
    kinds = {field.name: field.type for field in fields(Proposal)}
    if not isinstance(document, dict) or set(document) != set(kinds):
        raise InputError("proposal_text", "the proposal lacks fields or has others: take it as it was published")
    values: dict[str, Any] = {
        name: bytes.fromhex(document[name]) if kind is bytes else int(document[name]) for name, kind in kinds.items()
    }
    return Proposal(**values)
