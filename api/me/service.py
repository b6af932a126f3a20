"""The own account: made at the first login, and the same as the provider's afterwards (F3, F9)."""

from fastapi import Request

from api.access import Access
from api.context import ApiContext
from api.etags import require_match
from api.instants import instant_text
from api.me import repository
from api.me.schemas import ConsentBody, ConsentChange, ConsentList, MeBody, MembershipBody, MePatch
from api.principal import Principal
from api.refusals import NotFound, NotPermitted
from api.schemas import Language
from gettone.db.repositories.consents import Purpose
from gettone.db.repositories.people import Person
from gettone.errors import Conflict
from gettone.identity.claims import TokenClaims


def read_me(context: ApiContext, access: Access) -> MeBody:
    """Who the caller is; the first call of a person makes their row, twenty at once make one."""
    claims = access.claims
    person = None if claims.is_machine else _person(context, access)
    return MeBody(
        sub=claims.sub,
        given_name=claims.given_name or None,
        family_name=claims.family_name or None,
        email=claims.email,
        email_verified=claims.email_verified,
        acr=claims.acr,
        roles=sorted(one.role for one in access.person.rights if one.community_id is None),
        communities=_communities(access.person),
        language=_language(person),
        unwanted_mails=list(person.unwanted_mails) if person is not None else [],
    )


def change_me(context: ApiContext, access: Access, request: Request, patch: MePatch) -> MeBody:
    """Keep what the caller says of themselves; the state they changed is named by `If-Match`."""
    require_match(request, read_me(context, access))
    user_id = require_person(access)
    with context.database.write() as connection:
        repository.prefer(connection, context.vault, user_id, patch.language, patch.unwanted_mails)
    return read_me(context, access)


def require_person(access: Access) -> str:
    """The user id of a person who was here before; NotPermitted for a machine or a newcomer."""
    if access.person.user_id is None:
        raise NotPermitted("not_permitted", "this is for persons: log in, and call GET /api/v1/me first")
    return access.person.user_id


def read_consents(context: ApiContext, access: Access) -> ConsentList:
    """Every purpose in every community of the caller."""
    items = []
    with context.database.read() as connection:
        for slug, member_id in sorted(_memberships(access.person).items()):
            given = repository.consents_of(connection, member_id)
            for purpose in Purpose:
                at_ms, version = given.get(purpose, (None, None))
                text = None if at_ms is None else instant_text(at_ms)
                items.append(ConsentBody(community=slug, purpose=purpose, given_at=text, text_version=version))
    return ConsentList(items=items)


def change_consent(context: ApiContext, access: Access, request: Request, change: ConsentChange) -> ConsentList:
    """Give or withdraw a consent; NotFound in a community the caller is no member of."""
    require_match(request, read_consents(context, access))
    member_id = _memberships(access.person).get(change.community)
    if member_id is None:
        raise NotFound("not_found", "you are no member of such a community")
    if change.purpose is Purpose.METERING and not change.given:
        raise Conflict("conflict", "without readings there is no membership: leave the community instead")
    with context.database.write() as connection:
        repository.change_consent(connection, member_id, change, access.person.name, context.clock())
    return read_consents(context, access)


def _person(context: ApiContext, access: Access) -> Person | None:
    claims, user_id = access.claims, access.person.user_id
    if _is_news(context, claims, user_id):
        with context.database.write() as connection:
            return repository.remember(connection, context.vault, claims, context.clock())
    assert user_id is not None  # noqa: S101 - one without it is news
    with context.database.read() as connection:
        return repository.known(connection, context.vault, user_id)


def _language(person: Person | None) -> Language | None:
    return "it" if person and person.language == "it" else "en" if person and person.language == "en" else None


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
    for right in principal.rights:
        if right.slug is not None:
            here.setdefault(right.slug, []).append(right.role)
    members = _memberships(principal)
    return [MembershipBody(id=slug, roles=sorted(here[slug]), member_id=members.get(slug)) for slug in sorted(here)]


def _memberships(principal: Principal) -> dict[str, str]:
    """The caller's member id in each community."""
    return {one.slug: one.member_id for one in principal.rights if one.slug is not None and one.member_id is not None}
