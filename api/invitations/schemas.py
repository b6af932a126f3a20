"""Bodies of invitations."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from api.join_requests.schemas import Consent, Kind, Pod, Version
from api.schemas import Slug, Strict, StrictInput

_PART = r"[^@\s\x00-\x1f\x7f]+"
Email = Annotated[str, StringConstraints(max_length=254, pattern=rf"^{_PART}@{_PART}\.{_PART}$")]
ExternalId = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f\x7f]+$")]
MAX_GUESTS = 1000


class GuestInput(StrictInput):
    """Whom to invite; `external_id` is how the community's own lists call the member."""

    email: Email
    kind: Kind
    storage: bool = False
    natural_person: bool = True
    external_id: ExternalId | None = None


class InviteInput(StrictInput):
    """One invitation, several, or a CSV file with the columns email, kind, storage, natural_person, external_id.

    With `dry_run` nothing is done, and what is wrong with which row is told.
    """

    guests: Annotated[tuple[GuestInput, ...], Field(max_length=MAX_GUESTS, strict=False)] = ()
    csv: Annotated[str, StringConstraints(max_length=500_000)] | None = None
    dry_run: bool = False


class RowErrorBody(Strict):
    """What is wrong with a row of a file, which are counted from 1 behind the line of names."""

    row: int
    pointer: str
    code: str


class InvitationBody(Strict):
    """An invitation as administrators see it; `token` opens it, and only the invited address can accept it.

    `email` is None once it is no longer open, and in the answer to inviting, which is kept for repetitions.
    """

    id: str
    email: str | None
    kind: Kind
    storage: bool
    natural_person: bool
    external_id: str | None
    state: Literal["open", "accepted", "withdrawn", "expired"]
    token: str | None
    invited_at: str
    expires_at: str


class InvitedBody(Strict):
    """What was done, or would be: `rows` are the rows read."""

    dry_run: bool
    rows: int
    items: list[InvitationBody]
    errors: list[RowErrorBody]


class OpenedBody(Strict):
    """An invitation as anybody with its secret sees it: never for whom it is."""

    community: Slug
    name: str
    kind: Kind
    statute_version: str
    expires_at: str


class AcceptInput(StrictInput):
    """What a person states when accepting; the kind is that of the invitation."""

    devices: Annotated[tuple[Pod, ...], Field(max_length=32, strict=False)] = ()
    statute_version: Version
    consents: Annotated[tuple[Consent, ...], Field(max_length=6, strict=False)]
