"""Bodies of the own account."""

from typing import Annotated, Literal

from pydantic import Field

from api.schemas import Language, Line, MemberId, Slug, Strict, StrictInput
from gettone.db.repositories.consents import Purpose


class MembershipBody(Strict):
    """A community with what the caller is in it; `member_id` is None for who is no member there."""

    id: Slug
    roles: list[str]
    member_id: MemberId | None


class MeBody(Strict):
    """The caller: who they are to us, how they logged in, and where they belong."""

    sub: str
    given_name: str | None
    family_name: str | None
    email: str | None
    email_verified: bool
    acr: int
    roles: list[str]
    communities: list[MembershipBody]
    language: Language | None
    unwanted_mails: list[str]


MailKind = Literal["settlement", "transfer", "agreement", "message", "takeout", "change"]
"""What a person may leave out of their mail; mails about safety always go."""


class MePatch(StrictInput):
    """What a person says of themselves here; what is left out stays as it is."""

    language: Language | None = None
    unwanted_mails: list[MailKind] | None = None


class ConsentBody(Strict):
    """A consent of the caller in one community; `text_version` names the words that were agreed to."""

    community: Slug
    purpose: Purpose
    given_at: str | None
    text_version: str | None


class ConsentList(Strict):
    """Every purpose in every community of the caller, given or not."""

    items: list[ConsentBody]


class ConsentChange(StrictInput):
    """Give or withdraw a consent; withdrawing `metering` is leaving (F11)."""

    community: Slug
    purpose: Annotated[Purpose, Field(strict=False)]
    given: bool
    text_version: Line
