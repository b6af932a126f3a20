"""Take-outs: asked for once, made by the worker, downloaded by who asked; every step is in the audit trail."""

from datetime import date

from fastapi import Response
from sqlalchemy import Connection

from api.access import Access
from api.context import ApiContext
from api.instants import instant_text
from api.matrix import GRANTED
from api.once import Answer
from api.operations.service import ask, place_of
from api.pages import Page, Paging
from api.refusals import Gone, Invalid, NotFound
from api.takeouts import repository
from api.takeouts.schemas import TakeoutBody, TakeoutInput
from gettone.db.columns import SLOT_S
from gettone.db.repositories.audit_trail import AuditTrail, Deed
from gettone.db.repositories.rights import Right
from gettone.db.repositories.takeouts import TakeoutRow, Takeouts, TakeoutState, WantedTakeout
from gettone.periods import period_of_dates
from gettone.types import SettlementPeriod

KIND = "takeout.make"


def request(connection: Connection, context: ApiContext, access: Access, body: TakeoutInput) -> Answer:
    """Ask for a take-out; NotFound for a member or a range that the caller's rights do not reach."""
    wanted = _wanted(connection, access, body)
    takeouts = Takeouts(connection)
    takeout_id = takeouts.add(access.where.community_id, wanted, access.person.name, context.clock())
    note(connection, context, access, "takeout.request", takeout_id, body.reason)
    answer = ask(connection, context, access, KIND, {"takeout": takeout_id})
    takeouts.note_operation(takeout_id, answer.document["id"])
    row = takeouts.find(takeout_id)
    assert row is not None  # noqa: S101 - added just above
    return Answer(202, body_of(row).model_dump(mode="json", by_alias=True), answer.headers)


def list_takeouts(context: ApiContext, access: Access, pages: Paging, response: Response) -> Page[TakeoutBody]:
    """A page of the take-outs that the caller asked for, the newest first."""
    before = None if pages.after is None else (int(pages.after[0]), str(pages.after[1]))
    with context.database.read() as connection:
        here = access.where.community_id
        rows = repository.of_person(connection, here, access.person.name, before, pages.fetch)
    return pages.page(response, [body_of(one) for one in rows], [(one.requested_at, one.takeout_id) for one in rows])


def found(connection: Connection, access: Access, takeout_id: str) -> TakeoutRow:
    """A take-out that the caller asked for; NotFound for any other."""
    row = repository.find(connection, takeout_id)
    is_own = row is not None and row.requested_by == access.person.name
    if row is None or not is_own or row.community_id != access.where.community_id:
        raise NotFound("not_found", "there is no such take-out of yours")
    return row


def download(context: ApiContext, access: Access, takeout_id: str) -> tuple[TakeoutRow, bytes]:
    """The file of a take-out, and that it was taken is written down; Gone after seven days."""
    with context.database.write() as connection:
        row = found(connection, access, takeout_id)
        if row.state is TakeoutState.EXPIRED or (row.expires_at or context.clock() + 1) <= context.clock():
            raise Gone("gone", "the take-out was kept for seven days: ask for it again")
        content = repository.content(connection, context.vault, takeout_id)
        note(connection, context, access, "takeout.download", takeout_id)
    return row, content


def forget(context: ApiContext, access: Access, takeout_id: str) -> None:
    """Destroy the file of a take-out now."""
    with context.database.write() as connection:
        found(connection, access, takeout_id)
        Takeouts(connection).forget(takeout_id)
        note(connection, context, access, "takeout.delete", takeout_id)


def note(
    connection: Connection, context: ApiContext, access: Access, action: str, subject: str, reason: str | None = None
) -> None:
    """Write a deed about a take-out into the audit trail."""
    deed = Deed(access.person.name, action, subject, access.where.community_id, reason=reason)
    AuditTrail(connection).append(deed, context.clock())


def body_of(row: TakeoutRow) -> TakeoutBody:
    """A take-out as who asked for it sees it."""
    return TakeoutBody.model_validate(
        {
            "id": row.takeout_id,
            "member": row.member_id,
            "from": row.first_day,
            "to": row.end_day,
            "level": row.level,
            "reason": row.reason,
            "state": row.state.value,
            "requested_at": instant_text(row.requested_at),
            "expires_at": None if row.expires_at is None else instant_text(row.expires_at),
            "operation": None if row.operation_id is None else place_of(row.operation_id),
            "file_name": row.file_name,
            "size_bytes": row.size_bytes,
            "sha256": None if row.sha256 is None else row.sha256.hex(),
        }
    )


def _wanted(connection: Connection, access: Access, body: TakeoutInput) -> WantedTakeout:
    period = _period(access, body)
    member_id = body.member or access.own_member_id
    if member_id is None:
        raise Invalid("invalid", "say whose take-out: you are no member here", fields=(("/body/member", "missing"),))
    if member_id != access.own_member_id:
        _require_granted(connection, access, member_id, period)
        if body.reason is None:
            raise Invalid("invalid", "say why: the reason is kept", fields=(("/body/reason", "missing"),))
    return WantedTakeout(member_id, body.from_, body.to, body.level, body.reason)


def _require_granted(connection: Connection, access: Access, member_id: str, period: SettlementPeriod) -> None:
    """Another member's take-out is for auditors, wholly within the range they were granted."""
    granted = [one for one in access.rights if GRANTED in access.action.letters.get(one.role, "")]
    if not granted or not repository.is_member(connection, access.where.community_id, member_id):
        raise NotFound("not_found", "there is no such member")
    if not any(_reaches(one, period) for one in granted):
        fields = (("/body/from", "range"), ("/body/to", "range"))
        raise Invalid("invalid", "the range is not within what was granted to you", fields=fields)


def _reaches(right: Right, period: SettlementPeriod) -> bool:
    first = right.data_from is None or right.data_from * SLOT_S <= period.start_s
    return first and (right.data_to is None or period.end_s <= right.data_to * SLOT_S)


def _period(access: Access, body: TakeoutInput) -> SettlementPeriod:
    try:
        first, last = date.fromisoformat(body.from_), date.fromisoformat(body.to)
    except ValueError:
        first = last = date.min
    if first >= last:
        fields = (("/body/from", "range"), ("/body/to", "range"))
        raise Invalid("invalid", "from and to are local dates, and from is before to", fields=fields)
    return period_of_dates(first, last, access.where.tz)
