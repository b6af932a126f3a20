"""Requests to join: asked by a person, decided by another one (F4)."""

from sqlalchemy import Connection

from api.access import Access
from api.context import ApiContext
from api.instants import instant_ms, instant_text
from api.join_requests import repository
from api.join_requests.schemas import ApproveInput, JoinInput, RejectInput, RequestBody
from api.once import Answer
from api.refusals import Invalid, NotFound, NotPermitted
from gettone.db.columns import SLOT_S
from gettone.db.repositories.audit_trail import AuditTrail, Deed
from gettone.db.repositories.community_profiles import CommunityProfile, CommunityProfiles, CommunityState
from gettone.db.repositories.join_requests import APPROVED, REJECTED, REQUESTED, JoinRequests, RequestRow, Wish
from gettone.db.repositories.memberships import MembershipFacts, Memberships
from gettone.db.repositories.people import lock_person
from gettone.errors import Conflict
from gettone.membership.admission import Admission, admit
from gettone.membership.kinds import MembershipKind, member_kind
from gettone.membership.states import MemberState
from gettone.two_persons import require_second_person


def ask(connection: Connection, context: ApiContext, access: Access, wanted: JoinInput) -> Answer:
    """Write down a request; one that waits already is answered as it is."""
    if access.person.person is None:
        raise NotPermitted("not_permitted", "a machine is no member: a person asks to join")
    profile = CommunityProfiles(connection).get(access.where.community_id)
    user_id = repository.user_of(connection, context, access)
    lock_person(connection, user_id)
    wish = checked_wish(connection, context, profile, user_id, wanted)
    _refuse_member(connection, profile, user_id)
    requests = JoinRequests(connection, context.vault, profile.community_id)
    waiting = requests.open_of(user_id)
    if waiting is not None:
        if waiting.wish != wish:
            raise Conflict("conflict", "another request of yours waits for its answer: ask the administrators")
        return Answer(200, body_of(waiting, with_devices=False).model_dump(mode="json"))
    number = requests.add(user_id, wish, context.clock())
    _note(connection, context, access, "join.request", number)
    found = requests.find(number)
    assert found is not None  # noqa: S101 - written just above
    place = f"/api/v1/communities/{profile.slug}/join-requests"
    return Answer(201, body_of(found, with_devices=False).model_dump(mode="json"), {"Location": place})


def approve(connection: Connection, context: ApiContext, access: Access, number: str, how: ApproveInput) -> Answer:
    """Make a member of who asked; one approved before is answered as it is."""
    requests, found = _decidable(connection, context, access, number, APPROVED)
    if found.state == APPROVED:
        return _answer(found, 200)
    profile = CommunityProfiles(connection).get(access.where.community_id)
    now_ms, name = context.clock(), access.person.name
    require_second_person(found.subject, found.requested_at, name, profile.governance, now_ms)
    facts = MembershipFacts(
        MembershipKind(how.kind) if how.kind else found.wish.kind,
        found.wish.has_storage,
        found.wish.is_natural_person,
        found.wish.statute_version,
        not_before=None if how.from_ is None else instant_ms(how.from_),
    )
    member_id = admit(connection, Admission(profile.community_id, profile.tz, found.user_id, facts), now_ms)
    requests.decide(number, APPROVED, name, now_ms, reason=how.reason, member_id=member_id)
    _note(connection, context, access, "member.approve", number, how.reason)
    return _found_answer(requests, number)


def reject(connection: Connection, context: ApiContext, access: Access, number: str, why: RejectInput) -> Answer:
    """Decline a request with a reason; one rejected before is answered as it is."""
    requests, found = _decidable(connection, context, access, number, REJECTED)
    if found.state == REJECTED:
        return _answer(found, 200)
    requests.decide(number, REJECTED, access.person.name, context.clock(), reason=why.reason, member_id=None)
    _note(connection, context, access, "member.reject", number, why.reason)
    return _found_answer(requests, number)


def checked_wish(
    connection: Connection, context: ApiContext, profile: CommunityProfile, user_id: str, wanted: JoinInput
) -> Wish:
    """What a person states, if it can be accepted: Invalid, InputError `member_kind`, Conflict `device_taken`."""
    if wanted.statute_version != profile.statute_version:
        raise _invalid("statute_version", f"the statute in force is version {profile.statute_version}: read it first")
    if "metering" not in wanted.consents:
        raise _invalid("consents", "without consent to metering there is nothing to share: give it, or do not join")
    kind = MembershipKind(wanted.kind)
    member_kind(kind, is_natural_person=wanted.natural_person)
    devices, consents = tuple(sorted(set(wanted.devices))), tuple(sorted(set(wanted.consents)))
    slot = context.clock() // 1000 // SLOT_S
    requests = JoinRequests(connection, context.vault, profile.community_id)
    if taken := requests.taken_devices(devices, user_id, slot):
        places = [wanted.devices.index(one) for one in taken]
        raise _taken(places)
    return Wish(kind, wanted.storage, wanted.natural_person, wanted.statute_version, consents, devices)


def body_of(row: RequestRow, *, with_devices: bool = True) -> RequestBody:
    """A request as its author and the administrators see it; answers that are kept hold no points of delivery."""
    return RequestBody.model_validate(
        {
            "id": row.request_id,
            "sub": row.subject,
            "kind": row.wish.kind.value,
            "storage": row.wish.has_storage,
            "natural_person": row.wish.is_natural_person,
            "devices": list(row.wish.devices) if with_devices else None,
            "statute_version": row.wish.statute_version,
            "consents": list(row.wish.consents),
            "state": row.state,
            "reason": row.reason,
            "by_invitation": row.invitation_id is not None,
            "member_id": row.member_id,
            "requested_at": instant_text(row.requested_at),
            "decided_at": None if row.decided_at is None else instant_text(row.decided_at),
        }
    )


def _decidable(
    connection: Connection, context: ApiContext, access: Access, number: str, state: str
) -> tuple[JoinRequests, RequestRow]:
    """A request that waits, or was decided just so; Conflict for one that was decided otherwise."""
    requests = JoinRequests(connection, context.vault, access.where.community_id)
    found = requests.find(number)
    if found is None:
        raise NotFound("not_found", "there is no such request in this community")
    if found.state not in (REQUESTED, state):
        raise Conflict("conflict", f"this request is {found.state} already")
    return requests, found


def _refuse_member(connection: Connection, profile: CommunityProfile, user_id: str) -> None:
    if profile.state is CommunityState.CLOSED:
        raise Conflict("conflict", "this community is closed: nobody joins it any more")
    found = Memberships(connection, profile.community_id).of_user(user_id)
    if found is not None and found.state is not MemberState.LEFT:
        raise Conflict("conflict", "you are a member of this community already")


def _found_answer(requests: JoinRequests, number: str) -> Answer:
    found = requests.find(number)
    assert found is not None  # noqa: S101 - read before in the same transaction
    return _answer(found, 200)


def _answer(row: RequestRow, status: int) -> Answer:
    return Answer(status, body_of(row).model_dump(mode="json"))


def _note(
    connection: Connection, context: ApiContext, access: Access, action: str, number: str, reason: str | None = None
) -> None:
    deed = Deed(access.person.name, action, number, access.where.community_id, reason=reason)
    AuditTrail(connection).append(deed, context.clock())


def _invalid(field: str, message: str) -> Invalid:
    return Invalid("invalid", message, fields=((f"/body/{field}", "value"),))


def _taken(places: list[int]) -> Conflict:
    shown = ", ".join(f"/body/devices/{one}" for one in sorted(places))
    return Conflict("device_taken", f"another member holds the point of delivery at {shown}: check it on the bill")
