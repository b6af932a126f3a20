"""Bodies of settlements."""

from typing import Any, Literal

from pydantic import Field

from api.schemas import Address, MemberId, Reason, Strict, StrictInput, Units

State = Literal["computing", "held", "proposed", "attested", "open", "paying", "paid", "closed", "failed"]


class SettlementBody(Strict):
    """A settlement: state, roots and totals; what a later state knows is null before.  Hashes are 0x hex.

    `reason` says why one is held or failed, to those who run the community.
    """

    period_index: int
    revision: int
    state: State
    origin: Literal["computed", "attested", "chain"]
    reason: str | None
    period_start: str
    period_end: str
    timezone: str
    model_version: int
    entitlement_units: Units
    total_units: Units
    carried_over_units: Units
    result_digest: str | None
    gate_report_sha256: str | None
    assignment_root: str | None
    leaf_count: int | None
    roster_root: str | None
    aggregates_root: str | None
    ingest_root: str | None
    ingest_size: int | None
    payouts_root: str | None
    chunk_count: int | None
    params_digest: str | None
    proposal_hash: str | None
    previous_settlement: str | None
    opened_tx: str | None
    opened_block: int | None
    credited_units: Units | None
    fee_units: Units | None
    skipped_units: Units | None


class RevisionsBody(Strict):
    """Every revision of a period, the first one first."""

    items: list[SettlementBody]


class LevelBody(Strict):
    """One of the five levels with its figures by name: counts, permille or base units."""

    level: Literal["slot", "member", "period", "token", "source"]
    state: Literal["complete", "incomplete", "open"]
    figures: dict[str, str]


class LeftOutBody(Strict):
    """A member that earned less than it might, and why."""

    member_id: MemberId
    why: str


class CompletenessBody(Strict):
    """How complete a settlement is, and who was left out; a member sees the own entry only."""

    period_index: int
    revision: int
    state: str
    levels: list[LevelBody]
    left_out: list[LeftOutBody]


class LineBody(Strict):
    """A member's line; amounts before the assignment fee, `carried_*` may be negative (LECN-1 §2).

    `wallet` is shown to the community admin and to the member; `assignment_leaf` is the hash of the leaf.
    """

    leaf_index: int
    member_id: MemberId
    member_class: int
    wallet: Address | None
    entitlement_units: str
    entitlement_before_units: str
    carried_before_units: str
    claimed_units: str
    payout_units: str
    carried_after_units: str
    scores: dict[str, str]
    assignment_leaf: str | None


class ChunkBody(Strict):
    """One transaction of payouts, with the calldata from which anybody may send it; `to` is the ledger."""

    chunk: int
    state: Literal["waiting", "paid"]
    payouts: list[str]
    calldata: str
    tx_hash: str | None
    block_number: int | None


class ChunksBody(Strict):
    """The chunks of a settlement in order; empty before it is proposed."""

    ledger: Address | None
    items: list[ChunkBody]


class ReceiptBody(Strict):
    """A member's own receipt: energy, parameters, and the cut by which each sharing was rounded.

    `allocations` are budget, total score and cut of every sharing (rewards specification §1): with them the own
    amount follows to the last unit.  `fee_bps` is what an assignment of the own class bears.
    """

    settlement: SettlementBody
    line: LineBody
    withdrawn_wh: int
    injected_wh: int
    model: dict[str, Any] | None
    params: dict[str, Any] | None
    allocations: list[dict[str, Any]]
    fee_bps: int


class RunBody(StrictInput):
    """Which period to settle: the next one, or one that is under way; the first of all names its first day."""

    period_index: int = Field(ge=0, lt=2**31)
    first_day: str | None = Field(default=None, pattern=r"^\d{4}-\d{2}-\d{2}$")


class ReasonBody(StrictInput):
    """Why; the first of two persons must say so."""

    reason: Reason | None = None
