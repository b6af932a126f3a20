"""Members: read, changed, imported and suspended; their fees recorded."""

from datetime import timedelta

from fastapi import Request
from sqlalchemy import Connection

from api.access import Access
from api.context import ApiContext
from api.csv_rows import RowError, read_rows, refuse_errors
from api.etags import require_match
from api.instants import instant_text
from api.invitations.schemas import RowErrorBody
from api.matrix import OWN, OWN_COMMUNITY, PSEUDONYMOUS
from api.members import repository
from api.members.repository import KnownMember
from api.members.schemas import (
    MAX_ROWS,
    ImportedBody,
    ImportInput,
    MemberBody,
    MemberChange,
    MemberRow,
    PaymentBody,
    PaymentInput,
    StateBody,
    StateInput,
)
from api.once import Answer
from api.operations import service as operations
from api.refusals import NotPermitted
from gettone.db.columns import SLOT_S
from gettone.db.repositories.audit_trail import AuditTrail, Deed
from gettone.db.repositories.fee_payments import FeePayments, PaymentRow, new_payment
from gettone.db.repositories.memberships import MembershipRow, Memberships
from gettone.errors import Conflict, GettoneError
from gettone.membership.kinds import MembershipKind, member_kind
from gettone.membership.states import MemberState
from gettone.periods import load_zone, local_date, midnight_s

_STOPPED = (MemberState.SUSPENDED, MemberState.FROZEN)


def change(context: ApiContext, access: Access, request: Request, member_id: str, wanted: MemberChange) -> MemberBody:
    """Change a member whom the caller has read; a member alone sets the own goal and nothing else."""
    community_id = access.where.community_id
    with context.database.write() as connection:
        before = repository.one(connection, context, community_id, member_id)
        require_match(request, body_of(access, before))
        given = wanted.model_dump(exclude_none=True)
        if OWN_COMMUNITY not in access.letters and set(given) - {"weekly_goal_wh"}:
            raise NotPermitted("not_permitted", "this is changed by the administrators: you can set your weekly goal")
        _apply(connection, access, before.row, given)
        after = repository.one(connection, context, community_id, member_id)
        if after != before:
            _note(connection, context, access, "member.change", member_id)
    return body_of(access, after)


def import_members(connection: Connection, context: ApiContext, access: Access, wanted: ImportInput) -> Answer:
    """Change members from a file, all rows or none; a dry run tells what is wrong with which row."""
    rows = read_rows(wanted.csv, MemberRow, max_rows=MAX_ROWS)
    memberships = Memberships(connection, access.where.community_id)
    known = memberships.by_external_id([one.external_id for _, one in rows.good])
    errors, changed = list(rows.errors), 0
    done: set[str] = set()
    with connection.begin_nested() as attempt:
        for number, one in rows.good:
            code = _duplicate_or_unknown(one, done, known)
            given = one.model_dump(exclude_none=True, exclude={"external_id"})
            try:
                changed += code is None and _apply(connection, access, known[one.external_id], given)
            except GettoneError as refusal:
                code = refusal.code
            if code is not None:
                errors.append(RowError(number, "", code))
        if wanted.dry_run or errors:
            attempt.rollback()
    if not wanted.dry_run:
        refuse_errors(errors)
        _note(connection, context, access, "member.import", access.where.slug)
    shown = [RowErrorBody(row=one.row, pointer=one.pointer, code=one.code) for one in errors]
    body = ImportedBody(dry_run=wanted.dry_run, rows=rows.count, changed=changed, errors=shown)
    return Answer(200, body.model_dump(mode="json"))


def move(
    connection: Connection, context: ApiContext, access: Access, member_id: str, state: MemberState, why: StateInput
) -> Answer:
    """Suspend or resume a member, who may not do it to themselves; the chain follows where there is a wallet."""
    memberships = Memberships(connection, access.where.community_id)
    found = memberships.get(member_id)
    if found.state is state:
        return Answer(200, StateBody(id=member_id, state=state.value).model_dump(mode="json"))
    if found.user_id is not None and found.user_id == access.person.user_id:
        raise Conflict("self_approval", "nobody suspends or resumes themselves: ask another administrator")
    if state is MemberState.ACTIVE and found.state not in _STOPPED:
        raise Conflict("conflict", f"this member is {found.state}: only a suspended one is resumed")
    memberships.move(member_id, state, why.reason, context.clock())
    act = "member.freeze" if state is MemberState.SUSPENDED else "member.unfreeze"
    _note(connection, context, access, act, member_id, why.reason)
    if found.wallet is None:
        return Answer(200, StateBody(id=member_id, state=state.value).model_dump(mode="json"))
    document = {"community": access.where.slug, "member_id": member_id}
    return operations.ask(connection, context, access, act, document)


def record_payment(
    connection: Connection, context: ApiContext, access: Access, member_id: str, wanted: PaymentInput
) -> Answer:
    """Record a fee; who waited for that of this year then waits for a wallet."""
    memberships, now_ms = Memberships(connection, access.where.community_id), context.clock()
    found, by = memberships.get(member_id), access.person.name
    payment = new_payment(wanted.year, wanted.eur_cents, wanted.paid_on, wanted.reference, by, now_ms)
    FeePayments(connection).add(access.where.community_id, member_id, payment)
    this_year = local_date(now_ms // 1000, access.where.tz).year
    if found.state is MemberState.AWAITING_FEE and wanted.year == this_year:
        memberships.move(member_id, MemberState.WALLET_PENDING, None, now_ms)
    _note(connection, context, access, "fee.record", member_id)
    place = f"/api/v1/communities/{access.where.slug}/members/{member_id}/fee-payments"
    return Answer(201, payment_body(payment).model_dump(mode="json"), {"Location": place})


def body_of(access: Access, member: KnownMember) -> MemberBody:
    """A member, as far as the caller may know."""
    row, person, tz = member.row, member.person, access.where.tz
    hidden = OWN not in access.letters and not sees_names(access)
    return MemberBody.model_validate(
        {
            "id": row.member_id,
            "kind": row.kind.value,
            "class": row.member_class.chain_class,
            "storage": row.has_storage,
            "state": row.state.value,
            "state_since": None if row.state_since is None else instant_text(row.state_since),
            "member_from": _day_of(row.from_slot, tz),
            "member_until": _day_of(row.to_slot, tz),
            "power_w": member.power_w,
            "weekly_goal_wh": row.weekly_goal_wh,
            "natural_person": None if hidden else row.is_natural_person,
            "statute_version": None if hidden else row.statute_version,
            "external_id": None if hidden else row.external_id,
            "wallet": None if hidden else row.wallet,
            "sub": None if person is None else person.subject,
            "given_name": None if person is None else person.given_name,
            "family_name": None if person is None else person.family_name,
            "email": None if person is None else person.email,
        }
    )


def sees_names(access: Access) -> bool:
    """Whether a right of the caller shows who is behind the pseudonyms of the community; a machine's never does."""
    held = [access.action.letters.get(one.role, "") for one in access.rights]
    return any(OWN_COMMUNITY in letters and PSEUDONYMOUS not in letters for letters in held)


def payment_body(row: PaymentRow) -> PaymentBody:
    """A payment as it is shown."""
    return PaymentBody(
        id=row.payment_id,
        year=row.year,
        eur_cents=row.amount_cents,
        paid_on=row.paid_on.isoformat(),
        reference=row.reference,
        recorded_by=row.recorded_by,
        recorded_at=instant_text(row.recorded_at),
    )


def _apply(connection: Connection, access: Access, row: MembershipRow, given: dict[str, object]) -> bool:
    """Write changed facts of a member; whether there were any."""
    values: dict[str, object] = {}
    names = {"weekly_goal_wh": "weekly_goal_wh", "storage": "has_storage", "external_id": "external_id"}
    for name, column in names.items():
        if name in given and given[name] != getattr(row, column):
            values[column] = given[name]
    if "external_id" in values:
        known = Memberships(connection, row.community_id).by_external_id([str(values["external_id"])])
        if known:
            raise Conflict("conflict", "another member has this id of the community's lists")
    if "kind" in given and given["kind"] != row.kind:
        kind = MembershipKind(str(given["kind"]))
        if member_kind(kind, is_natural_person=row.is_natural_person) is not row.member_class:
            raise Conflict("conflict", "this kind has another class on chain: the member leaves and joins again for it")
        values["kind"] = kind.value
    if values:
        Memberships(connection, row.community_id).change(row.member_id, values)
    return _end(connection, access, row, given) or bool(values)


def _end(connection: Connection, access: Access, row: MembershipRow, given: dict[str, object]) -> bool:
    day = given.get("member_until")
    if day is None or str(day) == _day_of(row.to_slot, access.where.tz):
        return False
    if row.from_slot is None:
        raise Conflict("conflict", "this membership has not begun: there is nothing to end")
    end_slot = midnight_s(day, load_zone(access.where.tz)) // SLOT_S  # type: ignore[arg-type]  # a date of the body
    if not repository.set_end(connection, row, end_slot):
        raise Conflict("period_closed", "a period between the old and the new end is settled: choose a later day")
    return True


def _duplicate_or_unknown(one: MemberRow, done: set[str], known: dict[str, MembershipRow]) -> str | None:
    if one.external_id in done:
        return "duplicate"
    done.add(one.external_id)
    return None if one.external_id in known else "member_unknown"


def _day_of(slot: int | None, tz: str) -> str | None:
    """The local date of a slot; an end inside a day is shown as the day after, which is the first one without."""
    if slot is None:
        return None
    day = local_date(slot * SLOT_S, tz)
    is_midnight = midnight_s(day, load_zone(tz)) == slot * SLOT_S
    return (day if is_midnight else day + timedelta(days=1)).isoformat()


def _note(
    connection: Connection, context: ApiContext, access: Access, action: str, subject: str, reason: str | None = None
) -> None:
    deed = Deed(access.person.name, action, subject, access.where.community_id, reason=reason)
    AuditTrail(connection).append(deed, context.clock())
