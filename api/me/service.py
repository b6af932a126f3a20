"""The own account: made at the first login, and the same as the provider's afterwards (F3, F9)."""

from api.access import Access
from api.context import ApiContext
from api.me import repository
from api.me.schemas import MeBody, MembershipBody
from api.principal import Principal
from gettone.identity.claims import TokenClaims


def read_me(context: ApiContext, access: Access) -> MeBody:
    """Who the caller is; the first call of a person makes their row, twenty at once make one."""
    claims = access.claims
    if not claims.is_machine and _is_news(context, claims, access.person.user_id):
        with context.database.write() as connection:
            repository.remember(connection, context.vault, claims, context.clock())
    return MeBody(
        sub=claims.sub,
        given_name=claims.given_name or None,
        family_name=claims.family_name or None,
        email=claims.email,
        email_verified=claims.email_verified,
        acr=claims.acr,
        roles=sorted(one.role for one in access.person.rights if one.community_id is None),
        communities=_communities(access.person),
    )


def _is_news(context: ApiContext, claims: TokenClaims, user_id: str | None) -> bool:
    """Whether the person is new, or the provider has other names for them than we do."""
    if user_id is None:
        return True
    with context.database.read() as connection:
        person = repository.known(connection, context.vault, user_id)
    given = (claims.given_name, claims.family_name, claims.email or "")
    return (person.given_name, person.family_name, person.email) != given


def _communities(principal: Principal) -> list[MembershipBody]:
    here: dict[str, list[str]] = {}
    members: dict[str, str] = {}
    for right in (one for one in principal.rights if one.slug is not None):
        assert right.slug is not None  # noqa: S101 - filtered just above
        here.setdefault(right.slug, []).append(right.role)
        if right.member_id is not None:
            members[right.slug] = right.member_id
    return [MembershipBody(id=slug, roles=sorted(here[slug]), member_id=members.get(slug)) for slug in sorted(here)]
