"""The rows of a settlement, as the settlement job writes them and an auditor reads them.

Amounts are base units of the token, hashes 32 raw bytes, JSON is text whose exact bytes count.
"""

from dataclasses import dataclass, fields
from typing import NamedTuple, TypeVar

from sqlalchemy import RowMapping

from gettone.db.repositories.settlement_states import ChunkState, Origin, SettlementState
from gettone.notary.payouts import split_word


@dataclass(frozen=True, slots=True, kw_only=True)
class Computed:
    """What is known once the rewards are computed; the fees of payouts by class, as they were in force then."""

    community_id: int
    period_index: int
    revision: int
    period_start_s: int
    period_end_s: int
    timezone: str
    freeze_batch: int
    model_version: int
    model_json: str
    carry_in_units: int
    carried_over_units: int
    entitlement_units: int
    total_units: int
    allocations_json: str
    slot_totals_json: str
    community_json: str
    result_digest: str
    gate_report_json: str
    gate_report_sha256: bytes
    citizen_fee_bps: int
    stakeholder_fee_bps: int
    computed_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ComputedMember:
    """One member's line; amounts are before the assignment fee, `carried_*` may be negative (LECN-1 §2)."""

    leaf_index: int
    member_id: str
    member_class: int
    wallet: str | None
    entitlement_units: int
    entitlement_before_units: int
    carried_before_units: int
    skipped_units: int
    payout_units: int
    carried_after_units: int
    scores_json: str
    trace: str


class AccountLine(NamedTuple):
    """A member's account with the settlements [base units]: earlier payouts claimed again, and the rest carried."""

    member_id: str
    wallet: str | None
    skipped_units: int
    carried_after_units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Committed:
    """Roots and digests once the trees are built."""

    params_json: str
    assignment_root: bytes
    leaf_count: int
    roster_root: bytes
    aggregates_root: bytes
    ingest_root: bytes
    ingest_size: int
    payouts_root: bytes
    chunk_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CommittedMember:
    """The leaves of one member; `prev_leaf` is the hash of the leaf superseded, 32 zero bytes for none."""

    leaf_index: int
    inputs_json: str
    series_count: int
    data_root: bytes
    prev_leaf: bytes
    assignment_leaf: bytes
    roster_leaf: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class CommittedSeriesRow:
    """One committed series; `channel_id` is None where several channels were netted into one."""

    leaf_index: int
    number: int
    pid: bytes
    device_id: int
    channel_id: int | None
    direction: int
    slot_s: int
    first_number: int
    first_revision: int
    tree_size: int
    root: bytes
    source_class: int
    source_digest: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """The proposal that the oracles are asked to sign."""

    proposal_json: str
    proposal_hash: bytes
    previous_settlement: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementRow:
    """A settlement as stored; parts of later states are None.  `credited_units` includes `fee_units`.

    `voided_units` are the rest that the chain voided: with credited and skipped they are the total.  `reason` says why
    it failed, `resume_state` where it goes on.  `signatures_json` is a list of {signer, signature}, by signer.
    """

    settlement_id: int
    state: SettlementState
    origin: Origin
    reason: str | None
    resume_state: SettlementState | None
    computed: Computed
    committed: Committed | None
    proposed: Proposed | None
    signatures_json: str | None
    opened_tx: bytes | None
    opened_block: int | None
    credited_units: int | None
    fee_units: int | None
    skipped_units: int | None
    voided_units: int | None
    closed_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementMemberRow:
    """A member's line with its leaves, None before the settlement is committed.

    `bare_leaves` are those of an erased member, assignment and roster one after the other, with zeros for blinds.
    """

    computed: ComputedMember
    committed: CommittedMember | None
    bare_leaves: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkRow:
    """One transaction of payouts; each of `payouts` is the word address << 96 | amount, 32 bytes.

    `credited_units` includes `fee_units`, which went to the Treasury.
    """

    chunk: int
    payouts: tuple[bytes, ...]
    state: ChunkState = ChunkState.WAITING
    credited_units: int | None = None
    fee_units: int | None = None
    skipped_units: int | None = None
    tx_hash: bytes | None = None
    block_number: int | None = None

    @property
    def total_units(self) -> int:
        """Sum of its payouts, paid or not."""
        return sum(split_word(word)[1] for word in self.payouts)


Part = TypeVar("Part", Computed, ComputedMember, Committed, CommittedMember, CommittedSeriesRow, Proposed)


def part_of(kind: type[Part], row: RowMapping) -> Part:
    """The fields of a stored row that `kind` has."""
    return kind(**{field.name: row[field.name] for field in fields(kind)})


def settlement_of(row: RowMapping) -> SettlementRow:
    """A settlement of a stored row."""
    return SettlementRow(
        settlement_id=row["settlement_id"],
        state=SettlementState(row["state"]),
        origin=Origin(row["origin"]),
        reason=row["reason"],
        resume_state=None if row["resume_state"] is None else SettlementState(row["resume_state"]),
        computed=part_of(Computed, row),
        committed=None if row["assignment_root"] is None else part_of(Committed, row),
        proposed=None if row["proposal_hash"] is None else part_of(Proposed, row),
        signatures_json=row["signatures_json"],
        opened_tx=row["opened_tx"],
        opened_block=row["opened_block"],
        credited_units=row["credited_units"],
        fee_units=row["fee_units"],
        skipped_units=row["skipped_units"],
        voided_units=row["voided_units"],
        closed_at=row["closed_at"],
    )


def member_of(row: RowMapping) -> SettlementMemberRow:
    """A member's line of a stored row."""
    return SettlementMemberRow(
        computed=part_of(ComputedMember, row),
        committed=None if row["assignment_leaf"] is None else part_of(CommittedMember, row),
        bare_leaves=None if row["bare_leaves"] is None else bytes(row["bare_leaves"]),
    )


def chunk_of(row: RowMapping) -> ChunkRow:
    """A chunk of a stored row; its words are 32 bytes each."""
    words = bytes(row["payouts"])
    return ChunkRow(
        chunk=row["chunk"],
        payouts=tuple(words[at : at + 32] for at in range(0, len(words), 32)),
        state=ChunkState(row["state"]),
        credited_units=row["credited_units"],
        fee_units=row["fee_units"],
        skipped_units=row["skipped_units"],
        tx_hash=row["tx_hash"],
        block_number=row["block_number"],
    )
