"""Bodies of wallets."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from api.schemas import Address, Reason, Strict, StrictInput

Signature = Annotated[str, StringConstraints(pattern=r"^0x([0-9a-fA-F]{2}){65,2048}$")]


class ChallengeInput(StrictInput):
    """The wallet that is to be proven."""

    address: Address


class ChallengeBody(Strict):
    """What the wallet signs: a message for people (EIP-4361), and its consent to join as typed data (EIP-712).

    `consent_deadline_s` is the second of the chain's clock until which the consent may be used.
    """

    message: str
    expires_at: str
    consent: dict[str, Any]
    consent_deadline_s: int


class ConsentInput(StrictInput):
    """The wallet's signature under its joining, with the deadline that it names."""

    deadline_s: Annotated[int, Field(ge=1, le=2**40)]
    signature: Signature


class LinkInput(StrictInput):
    """A signed message, and the consent of the same wallet; `device` says that the key lives in the browser."""

    message: Annotated[str, StringConstraints(min_length=1, max_length=4000)]
    signature: Signature
    consent: ConsentInput
    custody: Literal["own", "device"] = "own"


class NewWalletInput(StrictInput):
    """A wallet that the server holds for the member."""

    custody: Literal["custodial"] = "custodial"


class LevelBody(Strict):
    """What the level of custody means, said as it is."""

    key_holder: str
    operator_could_move_tokens: bool
    key_loss: str
    signing: str


class WalletBody(Strict):
    """The wallet of a member; linked ones are on the way to the chain, `operation` tells how far."""

    chain_account_id: str
    address: Address
    custody: Literal["own", "device", "custodial"]
    level: LevelBody
    state: Literal["linked", "active", "replaced", "closed"]
    linked_at: str
    joined_at: str | None
    operation: str | None


class ReplaceInput(StrictInput):
    """The wallet that takes the place of the present one.

    An own or device wallet proves itself as in linking.  `order` is the present wallet's signature (EIP-712 Replace),
    with the deadline of the consent: with it nobody need confirm.  A custodial present wallet signs here.
    """

    custody: Literal["own", "device", "custodial"] = "own"
    message: Annotated[str, StringConstraints(min_length=1, max_length=4000)] | None = None
    signature: Signature | None = None
    consent: ConsentInput | None = None
    order: Signature | None = None
    reason: Reason


class DecideInput(StrictInput):
    """Why a replacement is confirmed."""

    reason: Reason


class ObjectInput(StrictInput):
    """The present wallet's objection (EIP-712 Object); a custodial one signs here."""

    deadline_s: Annotated[int, Field(ge=1, le=2**40)] | None = None
    signature: Signature | None = None


class ReplacementBody(Strict):
    """A replacement; `executable_at` is when a proposal takes effect unless somebody objects."""

    id: str
    old_address: Address
    new_address: Address
    state: Literal["requested", "confirmed", "proposed", "done", "objected", "failed"]
    needs_confirmation: bool
    executable_at: str | None
    requested_at: str
    operation: str | None


class ReplacementsBody(Strict):
    """The replacements of a member, the newest first."""

    items: list[ReplacementBody]


class LeaveInput(StrictInput):
    """Why a member leaves, with the wallet's word (EIP-712 Leave); a custodial wallet signs here.

    Administrators exclude a member without it, after the notice on chain.
    """

    reason: Reason
    deadline_s: Annotated[int, Field(ge=1, le=2**40)] | None = None
    signature: Signature | None = None
