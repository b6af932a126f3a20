"""Bodies of members."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from api.instants import DayIn
from api.invitations.schemas import ExternalId, RowErrorBody
from api.join_requests.schemas import Kind
from api.schemas import Address, MemberId, Reason, Strict, StrictInput

State = Literal["awaiting_fee", "wallet_pending", "active", "suspended", "frozen", "leaving", "left"]
MAX_ROWS = 10_000


class MemberBody(Strict):
    """A member; names, address and own lists' id are None for who sees pseudonyms only.

    `class` is that of contracts; the interval is the latest one, as local dates of which the second is exclusive.
    `power_w` is the contractual power of all devices now, None where it is not known.
    """

    id: MemberId
    kind: Kind
    class_: Annotated[Literal[1, 2, 3], Field(alias="class")]
    storage: bool
    state: State
    state_since: str | None
    member_from: str | None
    member_until: str | None
    power_w: int | None
    weekly_goal_wh: int | None
    natural_person: bool | None
    statute_version: str | None
    external_id: str | None
    wallet: Address | None
    sub: str | None
    given_name: str | None
    family_name: str | None
    email: str | None


class MemberChange(StrictInput):
    """What of a member is to be changed; members themselves change their goal, administrators the rest.

    `member_until` is the first local date without membership.
    """

    weekly_goal_wh: Annotated[int, Field(ge=0, le=10**9)] | None = None
    kind: Kind | None = None
    storage: bool | None = None
    external_id: ExternalId | None = None
    member_until: DayIn | None = None


class MemberRow(StrictInput):
    """A row of a file of members, found by the id of the community's own lists."""

    external_id: ExternalId
    kind: Kind | None = None
    storage: bool | None = None
    member_until: DayIn | None = None


class ImportInput(StrictInput):
    """A CSV file with the columns external_id, kind, storage, member_until; an empty cell changes nothing."""

    csv: Annotated[str, StringConstraints(max_length=900_000)]
    dry_run: bool = False


class ImportedBody(Strict):
    """What was changed, or would be."""

    dry_run: bool
    rows: int
    changed: int
    errors: list[RowErrorBody]


class StateInput(StrictInput):
    """Why the state of a member changes; the member reads it."""

    reason: Reason


class StateBody(Strict):
    """The state of a member."""

    id: MemberId
    state: State


class PaymentInput(StrictInput):
    """A yearly fee that was received; `reference` is that of the bank and comes once in a community."""

    year: Annotated[int, Field(ge=2000, le=2100)]
    eur_cents: Annotated[int, Field(ge=1, le=10**9)]
    paid_on: DayIn
    reference: Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")]


class PaymentBody(Strict):
    """A recorded payment."""

    id: str
    year: int
    eur_cents: int
    paid_on: str
    reference: str
    recorded_by: str
    recorded_at: str


class PaymentsBody(Strict):
    """The payments of a member, by year."""

    items: list[PaymentBody]
