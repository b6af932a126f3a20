"""Bodies of the token routes; `*_units` are base units as decimal text."""

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.formats import Format
from api.schemas import Address, Hash, MemberId, SignedUnits, Strict, Units
from gettone.economy.reasons import Reason


class BlockBody(Strict):
    """The block that a figure is true at."""

    number: int
    hash: Hash
    time: str


class TransferFeesBody(Strict):
    """Fees of transfers [hundredths of a percent] by class of giver and receiver, from a moment on."""

    valid_from: str
    citizen_to_citizen_bps: int
    citizen_to_stakeholder_bps: int
    stakeholder_to_citizen_bps: int
    stakeholder_to_stakeholder_bps: int


class TokenBody(Strict):
    """A token: what there is of it, and what moving it costs now and soon."""

    name: str | None
    symbol: str | None
    decimals: int
    supply_units: Units
    fees: TransferFeesBody | None
    scheduled_fees: TransferFeesBody | None
    block: BlockBody


class BalanceBody(Strict):
    """What a member has; `pending_units` is on its way and not counted,
    `carry_over_units` waits for a payout."""

    units: Units
    pending_units: SignedUnits
    carry_over_units: SignedUnits
    wallet: Address | None
    block_number: int
    block_hash: Hash
    block_time: str


class RewardBody(Strict):
    """The settlement that paid a reward, its model, and the proof it can be checked with."""

    period_index: int
    revision: int
    model_version: int | None
    period_start: str | None
    period_end: str | None
    proof: str


class EntryBody(Strict):
    """A line of a statement.

    `change_units` is what it did to the balance, `fee_units` the fee of the flow and `net_units` what arrived.
    """

    at: str
    reason: Reason
    change_units: SignedUnits
    net_units: Units
    fee_units: Units
    balance_units: Units
    counterparty: Address | None
    reward: RewardBody | None
    agreement: Hash | None
    reference: str | None
    memo: str | None
    block_number: int
    log_index: int
    tx_hash: Hash


class MovementBody(Strict):
    """A movement of tokens; wallets are left out for who sees pseudonyms only."""

    at: str
    reason: Reason
    net_units: Units
    fee_units: Units
    sender: str | None
    receiver: str | None
    sender_member: MemberId | None
    receiver_member: MemberId | None
    subject: str | None
    block_number: int
    log_index: int
    tx_hash: Hash


class ActivityBody(Strict):
    """Trade of one of the eight categories of agreements."""

    category: int
    agreements: int
    paid_units: Units
    incentive_units: Units


class CirculationBody(Strict):
    """How the token circulated in a span of time (report LA1.47, Table 3); shares are in thousandths."""

    start: str
    end: str
    volume_units: Units
    transfer_count: int
    fee_units: Units
    average_held_units: Units
    velocity_permille: int | None
    holders: int
    active_members: int
    supply_units: Units
    share_permille: dict[str, int]
    top_tenth_permille: int | None
    given_units: dict[str, Units]
    categories: list[ActivityBody]
    block: BlockBody


class EntryFilters(BaseModel):
    """Which lines: from, to (with offset), reasons; and in which format they go out."""

    model_config = ConfigDict(extra="forbid")

    start: Annotated[AwareDatetime | None, Field(alias="from")] = None
    to: AwareDatetime | None = None
    reason: list[Reason] = []
    output: Annotated[Format, Field(alias="format")] = "json"
    cursor: Annotated[str | None, Field(max_length=512)] = None
    limit: Annotated[int, Field(ge=1, le=1000)] = 100


class Span(BaseModel):
    """A span of time, both ends with offset."""

    model_config = ConfigDict(extra="forbid")

    start: Annotated[AwareDatetime, Field(alias="from")]
    to: AwareDatetime
