"""Bodies of communities."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from api.schemas import Address, Hash, Line, Reason, Slug, Strict, StrictInput, Units

Governance = Literal["two", "single"]
ShortLine = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f\x7f]+$")]
Symbol = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]{1,10}$")]


class TokenInput(StrictInput):
    """The token of a new community."""

    name: ShortLine
    symbol: Symbol


class NewCommunity(StrictInput):
    """A community to be made; `first_admin` is the subject of a person who logged in before."""

    id: Slug
    name: ShortLine
    timezone: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    token: TokenInput
    governance: Governance = "two"
    first_admin: Line


class CommunityChange(StrictInput):
    """What of a profile is to be changed; what is left out stays."""

    name: ShortLine | None = None
    description: Annotated[str, StringConstraints(max_length=255, pattern=r"^[^\x00-\x1f\x7f]*$")] | None = None
    statute_version: ShortLine | None = None


class ReasonInput(StrictInput):
    """Why something is done."""

    reason: Reason


class CommunityBody(Strict):
    """The profile of a community.

    `governance` single means that one person may approve the own changes 24 hours later.  `settlement_slot_s` is the
    length of the slots that are settled.
    """

    id: Slug
    name: str
    description: str | None
    kind: str
    timezone: str
    substation: str | None
    market_zone: str | None
    settlement_slot_s: int
    netting: str
    governance: Governance
    state: Literal["deploying", "active", "paused", "closed"]
    statute_version: str


class StateBody(Strict):
    """The state of a community; `waits_for_approval` when it is only to be closed."""

    id: Slug
    state: Literal["deploying", "active", "paused", "closed"]
    waits_for_approval: bool


class SupplyBody(Strict):
    """All tokens of a community at a block of its index."""

    total_units: Units
    block_number: int


class DayBody(Strict):
    """Energy of a local day, of eight members or more [Wh]."""

    day: str
    withdrawn_wh: int
    injected_wh: int
    shared_wh: int


class RootsBody(Strict):
    """The commitments of a settlement that was opened on chain."""

    period_index: int
    revision: int
    state: str
    period_from: str
    period_to: str
    total_units: Units
    assignment_root: Hash
    roster_root: Hash | None
    aggregates_root: Hash | None
    ingest_root: Hash | None
    payouts_root: Hash | None
    transaction: Hash


class PublicBody(Strict):
    """What a community shows to everybody: no row of a member, and no total of fewer than eight.

    `members` is None below eight; `rules` are those of the token as the deployment file records them.
    """

    id: Slug
    name: str
    governance: Governance
    state: Literal["deploying", "active", "paused", "closed"]
    statute_version: str
    members: int | None
    days: Annotated[list[DayBody], Field(max_length=366)]
    supply: SupplyBody | None
    rules: dict[str, Any] | None
    settlements: list[RootsBody]
    contracts: dict[str, Address]
