"""What a route asks of its caller: one action of the permission matrix, and perhaps a fresh login."""

from dataclasses import dataclass
from typing import Any

from fastapi import Request

from api.context import ApiContext, Context
from api.matrix import (
    ANYBODY_LOGGED_IN,
    AUDITOR,
    DEVICE,
    EVERY_COMMUNITY,
    GRANTED,
    MACHINE,
    OWN,
    OWN_COMMUNITY,
    PSEUDONYMOUS,
    PUBLIC,
    Action,
    matrix,
)
from api.principal import Caller, Principal
from api.refusals import NotFound, NotPermitted, StepUp, Unauthenticated
from gettone.db.repositories.auditor_reads import AuditorReads
from gettone.db.repositories.communities import Communities, CommunityRow
from gettone.db.repositories.rights import Right
from gettone.identity.claims import TokenClaims

STEP_UP_S = 600
# Without a confirmed address a person may see and mend the own account, and no more.
UNVERIFIED_ACTIONS = ("me.read", "me.session", "me.profile", "me.delete")


@dataclass(frozen=True, slots=True)
class Access:
    """A permitted call: who, in which community, by which rights; `letters` unites those of the rights."""

    action: Action
    principal: Principal | None
    community: CommunityRow | None
    rights: tuple[Right, ...]
    letters: frozenset[str]

    @property
    def person(self) -> Principal:
        """The caller of a route that is not public."""
        if self.principal is None:
            raise Unauthenticated
        return self.principal

    @property
    def claims(self) -> TokenClaims:
        """The claims of a caller who came with a token and not with a key."""
        if self.person.claims is None:
            raise Unauthenticated
        return self.person.claims

    @property
    def where(self) -> CommunityRow:
        """The community of the route."""
        if self.community is None:
            raise NotFound("not_found", "there is no such community")
        return self.community

    @property
    def sees_everybody(self) -> bool:
        """Whether the rights reach beyond the own rows."""
        return bool(self.letters & {EVERY_COMMUNITY, OWN_COMMUNITY, GRANTED})

    @property
    def is_pseudonymous(self) -> bool:
        """Whether names must be left out: no right of the caller shows them."""
        named = (self.action.letters.get(right.role, "") for right in self.rights)
        return all(PSEUDONYMOUS in letters for letters in named)

    @property
    def community_ids(self) -> tuple[int, ...]:
        """The communities that the rights reach, where the route names none."""
        return tuple(one.community_id for one in self.rights if one.community_id is not None)

    @property
    def own_member_id(self) -> str | None:
        """The caller's own member id in this community."""
        return next((one.member_id for one in self.rights if one.member_id is not None), None)


class Permit:
    """The dependency of a route: `Permit("member.list")`; `step` is `1` or `2` of a change by two persons.

    `step_up` asks persons for a login within the last ten minutes, with the second factor where they have one (F13).
    `per_minute` limits this route beside what is allowed to the caller in all.
    """

    def __init__(self, action: str, *, step: str = "", step_up: bool = False, per_minute: int | None = None) -> None:
        self.action = matrix()[action]
        self.step, self.step_up, self.per_minute = step, step_up, per_minute

    def __call__(self, request: Request, context: Context, principal: Caller) -> Access:
        """The caller's access; 401, 403 or 404 as §1.1 says: another's community looks as if it did not exist."""
        self._count(request, context, principal)
        slug = request.path_params.get("community")
        community = None if slug is None else _find(context, slug)
        if principal is None:
            if self.action.is_public and (slug is None or community is not None):
                return Access(self.action, None, community, (), frozenset(self.action.letters[PUBLIC]))
            raise Unauthenticated if not self.action.is_public else _no_community()
        self._require_email(principal)
        access = self._access(principal, slug, community)
        self._require_own(access, request.path_params.get("member"))
        if self.step_up:
            require_step_up(principal, context.clock())
        self._note_auditor(request, context, access)
        return access

    def _note_auditor(self, request: Request, context: ApiContext, access: Access) -> None:
        """Write down what an auditor looks at, for the members to see; what is public is no look at anybody's data."""
        places = [one.community_id for one in access.rights if one.role == AUDITOR and one.community_id is not None]
        if not places or self.action.is_public:
            return
        with context.database.write() as connection:
            for community_id in places:
                reads, name = AuditorReads(connection), access.person.name
                reads.add(community_id, name, self.action.name, request.url.path, context.clock())

    def _count(self, request: Request, context: ApiContext, principal: Principal | None) -> None:
        """Limited when this caller has called too often within a minute, or this route in particular."""
        rates, address = context.rates, request.client.host if request.client else ""
        if principal is None:
            allowance = rates.anonymous.check(address)
        else:
            rate = rates.person if principal.device_id is None else rates.device
            allowance = rate.check(principal.name)
        if self.per_minute is not None:
            route = f"{request.method} {request.scope['route'].path}"
            caller = address if principal is None else principal.name
            allowance = rates.of_route(route, self.per_minute).check(caller)
        request.state.headers = allowance.headers

    def _access(self, principal: Principal, slug: str | None, community: CommunityRow | None) -> Access:
        if slug is not None and (community is None or not self._may_know(principal, community)):
            raise _no_community()
        rights = tuple(one for one in principal.rights if self._gives(one, community))
        letters = frozenset("".join(self.action.letters[one.role] for one in rights))
        if ANYBODY_LOGGED_IN in self.action.letters and principal.claims is not None:
            return Access(self.action, principal, community, rights, letters | {OWN})
        if rights or self.action.is_public:
            return Access(self.action, principal, community, rights, letters)
        if any(self._gives(one, community) for one in principal.waiting):
            raise StepUp(2, STEP_UP_S)
        raise NotPermitted("not_permitted", f"your roles do not include {self.action.name}: ask an administrator")

    def _gives(self, right: Right, community: CommunityRow | None) -> bool:
        letters = self.action.letters.get(right.role, "")
        if not letters or self.step not in letters:
            return False
        if right.role == MACHINE and self.action.scope not in right.scopes:
            return False
        here = community is None or right.community_id == community.community_id
        return here or (right.community_id is None and EVERY_COMMUNITY in letters)

    def _may_know(self, principal: Principal, community: CommunityRow) -> bool:
        if self.action.is_public or ANYBODY_LOGGED_IN in self.action.letters:
            return True
        # A device has a right of no community, and is no platform admin: it knows of none.
        mine = [one for one in (*principal.rights, *principal.waiting) if one.role != DEVICE]
        return any(one.community_id in (None, community.community_id) for one in mine)

    def _require_own(self, access: Access, member: Any) -> None:
        """Another member's rows look as if they did not exist to whom only the own ones are open."""
        if member is not None and not access.sees_everybody and access.own_member_id != member:
            raise NotFound("not_found", "there is no such member")

    def _require_email(self, principal: Principal) -> None:
        person = principal.person
        if person is not None and not person.email_verified and self.action.name not in UNVERIFIED_ACTIONS:
            raise NotPermitted("email_not_verified", "confirm your e-mail address first: open the link in the mail")


def require_step_up(principal: Principal, now_ms: int) -> None:
    """StepUp when a person's login is older than ten minutes, or lacks the second factor they have used here."""
    person = principal.person
    if person is None:
        return
    wanted = 2 if principal.waiting else person.acr
    age_s = now_ms // 1000 - (person.authenticated_at_s or 0)
    if age_s > STEP_UP_S or person.acr < wanted:
        raise StepUp(wanted, STEP_UP_S)


def _find(context: ApiContext, slug: str) -> CommunityRow | None:
    with context.database.read() as connection:
        return Communities(connection).find(slug)


def _no_community() -> NotFound:
    return NotFound("not_found", "there is no such community")
