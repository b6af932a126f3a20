"""Bodies of agreements; `*_units` are base units as decimal text."""

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from api.schemas import Address, Hash, MemberId, Reason, Strict, StrictInput, Units, UnitsIn
from api.transfers.schemas import Signature, UnixS

KindWord = Literal["service", "time_bank", "used_goods", "loan", "new_goods"]
Words = Annotated[str, StringConstraints(min_length=3, max_length=4000, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]+$")]


class AgreementIn(StrictInput):
    """What the parties agree on, in words and figures; the category says who may be what."""

    category: Annotated[int, Field(ge=1, le=8)]
    kind: KindWord = "service"
    provider: MemberId
    payers: Annotated[list[MemberId], Field(max_length=32, default_factory=list)]
    structure: MemberId | None = None
    price_units: UnitsIn
    compensation_units: UnitsIn = "0"
    deposit_units: UnitsIn = "0"
    duration_minutes: Annotated[int, Field(ge=0, lt=2**32)] = 0
    deadline: Annotated[AwareDatetime, Field(strict=False)]
    return_by: Annotated[AwareDatetime | None, Field(strict=False)] = None
    text: Words


class LegBody(Strict):
    """What one party receives when it is settled."""

    receiver: str
    net_units: Units
    fee_units: Units
    what: Literal["price", "compensation", "deposit"]


class IncentiveBody(Strict):
    """What it earns at most; budgets and caps may leave less."""

    provider_units: Units
    payers_units: Units
    required_checks: int


class AgreementBody(Strict):
    """An agreement: its terms, where it is, what it will move, and who has consented and confirmed."""

    id: Hash
    state: str
    category: int
    kind: KindWord
    provider: MemberId
    payers: list[MemberId]
    structure: MemberId | None
    price_units: Units
    compensation_units: Units
    deposit_units: Units
    duration_minutes: int
    deadline: str
    return_by: str | None
    text: str | None
    text_sha256: Hash
    funding_units: dict[str, Units]
    legs: list[LegBody]
    incentive: IncentiveBody
    consents: list[str]
    confirmed: list[MemberId]
    checks: int | None
    terms: dict[str, Any]


class PermitIn(StrictInput):
    """A signed allowance for the escrow (ERC-2612)."""

    value_units: UnitsIn
    deadline_s: UnixS
    v: Annotated[int, Field(ge=27, le=28)]
    r: Hash
    s: Hash


class ActIn(StrictInput):
    """An act: signed, to be carried; without a signature the answer is the transaction for the own wallet."""

    signature: Signature | None = None
    deadline_s: UnixS = 0
    permit: PermitIn | None = None


class DisputeIn(ActIn):
    """Why the agreement is stopped; the chain has the SHA-256 of the words alone."""

    reason: Reason


class FeedbackIn(ActIn):
    """One to five, and a few words."""

    score: Annotated[int, Field(ge=1, le=5)]
    text: Reason


class CheckIn(StrictInput):
    """What a verifier found."""

    sustainability: bool
    social_value: bool


class ResolveIn(StrictInput):
    """How the escrow is split; the rest goes back to who funded it."""

    to_receiver_units: UnitsIn
    to_structure_units: UnitsIn = "0"
    reason: Reason


class PreparedBody(Strict):
    """A transaction for the own wallet to send: gas price 0, no value; `nonce` is the one a signature would name."""

    to: Address
    data: str
    value_units: Units
    nonce: int
