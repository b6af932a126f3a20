"""Communities: made by the platform, changed by their admins, closed by both."""

from datetime import date

from fastapi import Request
from sqlalchemy import Connection

from api.access import Access
from api.communities import repository
from api.communities.schemas import (
    CommunityBody,
    CommunityChange,
    DayBody,
    NewCommunity,
    PublicBody,
    ReasonInput,
    RootsBody,
    StateBody,
    SupplyBody,
)
from api.context import ApiContext
from api.etags import require_match
from api.once import Answer
from api.operations import service as operations
from api.refusals import Invalid
from api.roles import service as roles
from gettone.db.repositories.audit_trail import AuditTrail, Deed
from gettone.db.repositories.community_profiles import CommunityProfile, CommunityProfiles, CommunityState
from gettone.db.repositories.grants import PENDING, Grants, NewGrant
from gettone.db.repositories.proposals import APPROVED, Proposals
from gettone.db.repositories.public_figures import DISCLOSURE_FLOOR, PublicDay, PublicRoots
from gettone.errors import Conflict
from gettone.periods import utc_text

CLOSE = "community.close"
_EPOCH_DAY = date(1970, 1, 1).toordinal()


def create(connection: Connection, context: ApiContext, access: Access, wanted: NewCommunity) -> Answer:
    """Enter a community with its first admin, and have its contracts deployed."""
    now_ms = context.clock()
    made = repository.create(connection, wanted.id, wanted.name, wanted.timezone)
    if made is None:
        raise Conflict("exists", f"there is a community {wanted.id!r} already: choose another id")
    values = {"governance": wanted.governance, "state": CommunityState.DEPLOYING.value}
    CommunityProfiles(connection).change(made.community_id, values)
    grants = Grants(connection)
    admin = grants.user_of(wanted.first_admin)
    if admin is None:
        raise Invalid(
            "invalid",
            "the first admin has not logged in here yet: let the person log in once, then repeat",
            fields=(("/body/first_admin", "unknown"),),
        )
    granted = NewGrant("CA", made.community_id, user_id=admin, granted_by=access.person.user_id)
    number = grants.add(granted, PENDING, now_ms)
    roles.carry(roles.Act(connection, context, access, wanted.first_admin, "CA", made.community_id), number)
    after = wanted.model_dump(mode="json")
    deed = Deed(access.person.name, "community.create", wanted.id, made.community_id, after=after)
    AuditTrail(connection).append(deed, now_ms)
    document = {"community": wanted.id, "name": wanted.name, "token": wanted.token.model_dump()}
    return operations.ask(connection, context, access, "community.deploy", document, made.community_id)


def change(context: ApiContext, access: Access, request: Request, wanted: CommunityChange) -> CommunityBody:
    """Change a profile that the caller has read."""
    community_id, values = access.where.community_id, wanted.model_dump(exclude_none=True)
    with context.database.write() as connection:
        profiles = CommunityProfiles(connection)
        before = body_of(profiles.get(community_id))
        require_match(request, before)
        profiles.change(community_id, values)
        after = body_of(profiles.get(community_id))
        if after != before:
            deed = Deed(
                access.person.name,
                "community.edit",
                access.where.slug,
                community_id,
                before=before.model_dump(mode="json"),
                after=after.model_dump(mode="json"),
            )
            AuditTrail(connection).append(deed, context.clock())
    return after


def pause(connection: Connection, context: ApiContext, access: Access, why: ReasonInput) -> Answer:
    """Stop every movement of tokens; one that is paused stays so."""
    profile = CommunityProfiles(connection).get(access.where.community_id)
    if profile.state is CommunityState.PAUSED:
        return _state_answer(profile)
    _require(profile, CommunityState.ACTIVE)
    return _move(connection, context, access, CommunityState.PAUSED, "community.pause", why.reason)


def unpause(connection: Connection, context: ApiContext, access: Access, why: ReasonInput) -> Answer:
    """End a pause; one that is active stays so."""
    profile = CommunityProfiles(connection).get(access.where.community_id)
    if profile.state is CommunityState.ACTIVE:
        return _state_answer(profile)
    _require(profile, CommunityState.PAUSED)
    return _move(connection, context, access, CommunityState.ACTIVE, "community.unpause", why.reason)


def close(connection: Connection, context: ApiContext, access: Access, why: ReasonInput) -> Answer:
    """The platform proposes, an admin of the community approves; only then is it closed for good."""
    community_id, now_ms = access.where.community_id, context.clock()
    profile, proposals = CommunityProfiles(connection).get(community_id), Proposals(connection, community_id)
    if profile.state is CommunityState.CLOSED:
        return _state_answer(profile)
    waiting = proposals.open(CLOSE, access.where.slug)
    if "2" not in access.letters:
        if waiting is None:
            document = {"reason": why.reason}
            proposals.add(CLOSE, access.where.slug, document, access.person.name, now_ms)
            deed = Deed(access.person.name, "community.close.propose", access.where.slug, community_id)
            AuditTrail(connection).append(deed, now_ms)
        return _state_answer(profile, waits_for_approval=True)
    if waiting is None:
        raise Conflict("conflict", "the platform has not proposed to close this community: ask its administrator first")
    if waiting.proposed_by == access.person.name:
        raise Conflict("self_approval", "you proposed this yourself: another administrator must approve it")
    proposals.decide(waiting.proposal_id, APPROVED, access.person.name, now_ms)
    return _move(connection, context, access, CommunityState.CLOSED, CLOSE, why.reason)


def body_of(profile: CommunityProfile) -> CommunityBody:
    """A profile as everybody sees it."""
    return CommunityBody(
        id=profile.slug,
        name=profile.name or profile.slug,
        description=profile.description,
        kind=profile.kind,
        timezone=profile.tz,
        substation=profile.substation,
        market_zone=profile.market_zone,
        settlement_slot_s=profile.settle_slot_s,
        netting=profile.netting,
        governance="single" if profile.governance == "single" else "two",
        state=profile.state.value,
        statute_version=profile.statute_version,
    )


def public_body(context: ApiContext, access: Access) -> PublicBody:
    """What a community shows to everybody."""
    facts, slug = repository.public_facts(context, access.where.community_id), access.where.slug
    profile = body_of(facts.profile)
    deployed = context.chain.deployment.communities.get(slug) if context.chain else None
    return PublicBody(
        id=slug,
        name=profile.name,
        governance=profile.governance,
        state=profile.state,
        statute_version=profile.statute_version,
        members=facts.members if facts.members >= DISCLOSURE_FLOOR else None,
        days=[_day(one) for one in facts.days],
        supply=SupplyBody(total_units=facts.supply[0], block_number=facts.supply[1]) if facts.supply else None,
        rules=dict(deployed.policy) if deployed else None,
        settlements=[_roots(one) for one in facts.roots],
        contracts={name: one.address for name, one in sorted(deployed.contracts.items())} if deployed else {},
    )


def _require(profile: CommunityProfile, state: CommunityState) -> None:
    if profile.state is not state:
        raise Conflict("conflict", f"the community is {profile.state}: this can be done only while it is {state}")


def _move(
    connection: Connection, context: ApiContext, access: Access, state: CommunityState, act: str, reason: str
) -> Answer:
    """Keep the new state with its reason, and have the chain follow."""
    community_id = access.where.community_id
    CommunityProfiles(connection).change(community_id, {"state": state.value})
    deed = Deed(access.person.name, act, access.where.slug, community_id, after={"state": state.value}, reason=reason)
    AuditTrail(connection).append(deed, context.clock())
    return operations.ask(connection, context, access, act, {"community": access.where.slug})


def _state_answer(profile: CommunityProfile, *, waits_for_approval: bool = False) -> Answer:
    body = StateBody(id=profile.slug, state=profile.state.value, waits_for_approval=waits_for_approval)
    return Answer(202 if waits_for_approval else 200, body.model_dump(mode="json"))


def _day(one: PublicDay) -> DayBody:
    day = date.fromordinal(one.local_day + _EPOCH_DAY).isoformat()
    return DayBody(day=day, withdrawn_wh=one.withdrawn_wh, injected_wh=one.injected_wh, shared_wh=one.shared_wh)


def _roots(one: PublicRoots) -> RootsBody:
    return RootsBody(
        period_index=one.period_index,
        revision=one.revision,
        state=one.state,
        period_from=utc_text(one.period_start_s),
        period_to=utc_text(one.period_end_s),
        total_units=one.total_units,
        assignment_root=_hash(one.assignment_root) or "",
        roster_root=_hash(one.roster_root),
        aggregates_root=_hash(one.aggregates_root),
        ingest_root=_hash(one.ingest_root),
        payouts_root=_hash(one.payouts_root),
        transaction=_hash(one.opened_tx) or "",
    )


def _hash(value: bytes | None) -> str | None:
    return None if value is None else "0x" + bytes(value).hex()
