"""Bodies of requests to join."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from api.instants import InstantIn
from api.schemas import MemberId, Reason, Strict, StrictInput

Kind = Literal["citizen_consumer", "citizen_prosumer", "producer", "stakeholder", "structure"]
Consent = Literal["metering", "readings_to_admin", "rank", "directory", "research_export", "mail"]
Pod = Annotated[str, StringConstraints(min_length=4, max_length=32, pattern=r"^[A-Za-z0-9]+$")]
Version = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f\x7f]+$")]


class JoinInput(StrictInput):
    """What a person states to join: `devices` are the points of delivery on their bills.

    `consents` must hold metering, without which there is nothing to share; `statute_version` is that of the community.
    """

    kind: Kind
    storage: bool = False
    natural_person: bool = True
    devices: Annotated[tuple[Pod, ...], Field(max_length=32, strict=False)] = ()
    statute_version: Version
    consents: Annotated[tuple[Consent, ...], Field(max_length=6, strict=False)]


class ApproveInput(StrictInput):
    """How a request is approved: `from` is when the membership may begin at the earliest, `kind` corrects the kind."""

    from_: Annotated[InstantIn | None, Field(alias="from")] = None
    kind: Kind | None = None
    reason: Reason | None = None


class RejectInput(StrictInput):
    """Why a request is rejected; the person reads it."""

    reason: Reason


class RequestBody(Strict):
    """A request to join; `member_id` is given when it is approved.

    `devices` are shown to who asked and who decides; in the answer to asking, which is kept, they are None.
    """

    id: str
    sub: str
    kind: Kind
    storage: bool
    natural_person: bool
    devices: list[str] | None
    statute_version: str
    consents: list[str]
    state: Literal["requested", "approved", "rejected", "withdrawn"]
    reason: str | None
    by_invitation: bool
    member_id: MemberId | None
    requested_at: str
    decided_at: str | None
