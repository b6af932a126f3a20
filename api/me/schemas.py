"""Bodies of the own account."""

from api.schemas import MemberId, Slug, Strict


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
