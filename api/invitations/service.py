"""Invitations: written by an admin, accepted by the person whose address they name (F4)."""

from dataclasses import replace

from sqlalchemy import Connection

from api.access import Access
from api.context import ApiContext
from api.csv_rows import RowError, read_rows, refuse_errors
from api.instants import instant_text
from api.invitations.schemas import (
    MAX_GUESTS,
    AcceptInput,
    GuestInput,
    InvitationBody,
    InvitedBody,
    InviteInput,
    OpenedBody,
    RowErrorBody,
)
from api.join_requests import repository as join_repository
from api.join_requests import service as joining
from api.join_requests.schemas import JoinInput
from api.once import Answer
from api.operations.repository import asker_of
from api.refusals import Gone, Invalid, NotFound, NotPermitted
from gettone.db.repositories.audit_trail import AuditTrail, Deed
from gettone.db.repositories.community_profiles import CommunityProfile, CommunityProfiles
from gettone.db.repositories.invitations import ACCEPTED, OPEN, WITHDRAWN, Guest, InvitationRow, Invitations
from gettone.db.repositories.join_requests import APPROVED, JoinRequests
from gettone.db.repositories.memberships import MembershipFacts
from gettone.db.repositories.operations import Operations
from gettone.errors import Conflict, InputError
from gettone.membership.admission import Admission, admit
from gettone.membership.invitation_tokens import number_of, token_of
from gettone.membership.kinds import MembershipKind, member_kind
from gettone.two_persons import require_second_person

INVITE_MAIL = "invitation.mail"


def invite(connection: Connection, context: ApiContext, access: Access, wanted: InviteInput) -> Answer:
    """Invite all or nobody; the answer is the same whether an address is known or not."""
    guests, errors, count = _guests(wanted)
    if wanted.dry_run:
        body = InvitedBody(dry_run=True, rows=count, items=[], errors=[_error(one) for one in errors])
        return Answer(200, body.model_dump(mode="json"))
    refuse_errors(errors)
    now_ms, name = context.clock(), access.person.name
    invitations = Invitations(connection, context.vault)
    made = [invitations.add(access.where.community_id, one, name, now_ms) for one in guests]
    for one in made:
        AuditTrail(connection).append(Deed(name, "invite", one.invitation_id, access.where.community_id), now_ms)
        document = {"community": access.where.slug, "invitation_id": one.invitation_id}
        asker = asker_of(access.person)
        Operations(connection).add(INVITE_MAIL, document, asker, now_ms, access.where.community_id)
    body = InvitedBody(
        dry_run=False, rows=count, items=[body_of(context, replace(one, email=None)) for one in made], errors=[]
    )
    place = f"/api/v1/communities/{access.where.slug}/invitations"
    return Answer(201, body.model_dump(mode="json"), {"Location": place})


def withdraw(connection: Connection, context: ApiContext, access: Access, number: str) -> None:
    """End an open invitation; one that was withdrawn stays so, Conflict for one that was accepted."""
    invitations = Invitations(connection, context.vault)
    found = invitations.find(number)
    if found is None or found.community_id != access.where.community_id:
        raise NotFound("not_found", "there is no such invitation in this community")
    if found.state == ACCEPTED:
        raise Conflict("conflict", "this invitation was accepted: the person is a member now")
    if invitations.end(number, WITHDRAWN):
        deed = Deed(access.person.name, "invite.withdraw", number, access.where.community_id)
        AuditTrail(connection).append(deed, context.clock())


def accept(connection: Connection, context: ApiContext, access: Access, token: str, wanted: AcceptInput) -> Answer:
    """Become a member by invitation, which stands for the approval."""
    person, invitations = access.person.person, Invitations(connection, context.vault)
    if person is None:
        raise NotPermitted("not_permitted", "a machine is no member: a person accepts an invitation")
    found = usable(context, invitations.find(number_of(context.secret, token)))
    if person.email is None or not invitations.is_for(found.invitation_id, person.email):
        raise NotPermitted("not_permitted", "this invitation is for another e-mail address: log in with that one")
    now_ms, name = context.clock(), access.person.name
    profile = CommunityProfiles(connection).get(found.community_id)
    require_second_person(found.invited_by, found.invited_at, name, profile.governance, now_ms)
    if not invitations.end(found.invitation_id, ACCEPTED):
        raise _gone()
    user_id = join_repository.user_of(connection, context, access)
    stated = JoinInput(
        kind=found.kind.value,
        storage=found.has_storage,
        natural_person=found.is_natural_person,
        devices=wanted.devices,
        statute_version=wanted.statute_version,
        consents=wanted.consents,
    )
    wish = joining.checked_wish(connection, context, profile, user_id, stated)
    requests = JoinRequests(connection, context.vault, profile.community_id)
    number = requests.add(user_id, wish, now_ms, found.invitation_id)
    facts = MembershipFacts(
        found.kind, found.has_storage, found.is_natural_person, wish.statute_version, found.external_id
    )
    member_id = admit(connection, Admission(profile.community_id, profile.tz, user_id, facts), now_ms)
    requests.decide(number, APPROVED, found.invited_by, now_ms, reason=None, member_id=member_id)
    AuditTrail(connection).append(Deed(name, "invite.accept", number, profile.community_id), now_ms)
    done = requests.find(number)
    assert done is not None  # noqa: S101 - written just above
    return Answer(200, joining.body_of(done, with_devices=False).model_dump(mode="json"))


def opened(context: ApiContext, found: tuple[InvitationRow, CommunityProfile] | None) -> OpenedBody:
    """An invitation as anybody with its secret sees it; Gone when it was used, withdrawn or has expired."""
    row = usable(context, found[0] if found else None)
    assert found is not None  # noqa: S101 - usable is there
    return OpenedBody(
        community=found[1].slug,
        name=found[1].name or found[1].slug,
        kind=row.kind.value,
        statute_version=found[1].statute_version,
        expires_at=instant_text(row.expires_at),
    )


def usable(context: ApiContext, row: InvitationRow | None) -> InvitationRow:
    """An invitation that may be accepted now; NotFound, Gone."""
    if row is None:
        raise NotFound("not_found", "there is no such invitation: check the link")
    if row.state != OPEN or row.expires_at <= context.clock():
        raise _gone()
    return row


def body_of(context: ApiContext, row: InvitationRow) -> InvitationBody:
    """An invitation as administrators see it."""
    is_open = row.state == OPEN and row.expires_at > context.clock()
    return InvitationBody.model_validate(
        {
            "id": row.invitation_id,
            "email": row.email,
            "kind": row.kind.value,
            "storage": row.has_storage,
            "natural_person": row.is_natural_person,
            "external_id": row.external_id,
            "state": "expired" if row.state == OPEN and not is_open else row.state,
            "token": token_of(context.secret, row.invitation_id) if is_open else None,
            "invited_at": instant_text(row.invited_at),
            "expires_at": instant_text(row.expires_at),
        }
    )


def _guests(wanted: InviteInput) -> tuple[list[Guest], list[RowError], int]:
    """Who is to be invited, what is wrong with which row, and how many rows there are."""
    if (wanted.csv is None) == (not wanted.guests):
        raise Invalid("invalid", "send either guests or csv", fields=(("/body/guests", "one_of"),))
    if wanted.csv is None:
        numbered, errors, count = list(enumerate(wanted.guests, start=1)), list[RowError](), len(wanted.guests)
    else:
        rows = read_rows(wanted.csv, GuestInput, max_rows=MAX_GUESTS)
        numbered, errors, count = rows.good, list(rows.errors), rows.count
    seen: set[str] = set()
    guests = []
    for number, one in numbered:
        if one.email.casefold() in seen:
            errors.append(RowError(number, "/email", "duplicate"))
        seen.add(one.email.casefold())
        kind = MembershipKind(one.kind)
        try:
            member_kind(kind, is_natural_person=one.natural_person)
        except InputError as refusal:
            errors.append(RowError(number, "/natural_person", refusal.code))
        guests.append(Guest(one.email, kind, one.storage, one.natural_person, one.external_id))
    return guests, sorted(errors, key=lambda one: one.row), count


def _error(one: RowError) -> RowErrorBody:
    return RowErrorBody(row=one.row, pointer=one.pointer, code=one.code)


def _gone() -> Gone:
    return Gone("gone", "this invitation was used, withdrawn or has expired: ask the community for a new one")
