"""Who looks decides what is shown: below eight members the totals of slots and days are for auditors."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pyarrow as pa
from fastapi import Response

from api.access import Access
from api.context import ApiContext
from api.figures import repository
from api.figures.schemas import Days, FiguresBody, GroupsBody, KpiParameters, TotalsParameters, WidgetBody
from api.formats import Exported, export_answer
from api.refusals import Invalid, NotPermitted
from gettone.db.columns import SLOT_S
from gettone.db.repositories.rights import Right
from gettone.figure_port import FiguresAsked
from gettone.periods import load_zone, midnight_s

MEMBER, ADMIN, AUDITOR, PUBLIC = "member", "admin", "auditor", "public"
ADMINS = ("CA", "OA", "TA")
FINE = ("slot", "hour")
# A million slots are 28 years; figures of slots are computed from readings, so fewer days are asked at a time.
MAX_DAYS, MAX_FINE_DAYS = 3_660, 400
PRODUCER = "gettone"


def totals(context: ApiContext, access: Access, asked: TotalsParameters) -> Response:
    """Totals of a community over time; NotPermitted `too_few_members` where they would reveal neighbours."""
    _require_days(asked, asked.resolution)
    viewer, own = community_viewer(access, asked)
    _require_coarse(viewer, asked.resolution, None)
    wanted = FiguresAsked(*_where(access, asked), viewer, own, None, asked.resolution)
    (widget,) = _widgets(context, wanted)
    body = _body(access, asked, [widget], None)
    names = [one.name for one in widget.columns]
    columns = dict(zip(names, map(list, zip(*widget.rows, strict=True)), strict=True)) if widget.rows else {}
    types = {one.name: pa.string() if one.unit == "label" else pa.int64() for one in widget.columns}
    table = Exported(types, {name: columns.get(name, []) for name in names})
    return export_answer(table, asked.output, body.model_dump_json(by_alias=True).encode())


def community_kpis(context: ApiContext, access: Access, asked: KpiParameters) -> FiguresBody:
    """Indicators of a community; a table of a dashboard that may not be shown says so, a single one is refused."""
    _require_days(asked, asked.resolution)
    viewer, own = community_viewer(access, asked)
    _require_coarse(viewer, asked.resolution, asked.level)
    wanted = FiguresAsked(*_where(access, asked), viewer, own, None, asked.resolution, asked.level)
    return _body(access, asked, _widgets(context, wanted), None)


def member_kpis(context: ApiContext, access: Access, member_id: str, asked: KpiParameters) -> FiguresBody:
    """Indicators of a member: the own ones, of who consented for admins, in the granted range for others."""
    _require_days(asked, asked.resolution)
    viewer = _member_viewer(context, access, member_id, asked)
    own = member_id if viewer == MEMBER else None
    wanted = FiguresAsked(*_where(access, asked), viewer, own, member_id, asked.resolution, asked.level)
    return _body(access, asked, _widgets(context, wanted), member_id)


def month_dataset(context: ApiContext, access: Access, month: str) -> bytes:
    """A month as UrbanDataset; to the public only from eight members on."""
    first = date.fromisoformat(f"{month}-01")
    days = Days.model_validate({"from": first, "to": _following(first)})
    viewer, own = community_viewer(access, days)
    wanted = FiguresAsked(*_where(access, days), viewer, own, None, "month")
    _widgets(context, wanted)
    made_at_s = context.clock() // 1000
    return context.figures.month_dataset(
        context.database, access.where.slug, month, producer=PRODUCER, made_at_s=made_at_s
    )


def groups(context: ApiContext, access: Access) -> GroupsBody:
    """Groups of curves: admins and auditors see all, members what is stable and large."""
    is_admin = any(one.role in (*ADMINS, "AU") for one in access.rights)
    with context.database.read() as connection:
        found = context.figures.groups(connection, access.where.community_id, is_admin=is_admin)
    return GroupsBody(items=[dict(one) for one in found])


def community_viewer(access: Access, asked: Days) -> tuple[str, str | None]:
    """As whom the caller looks at a community over some days, and the own pseudonym of a member."""
    covering = [one for one in access.rights if _covers(one, access, asked)]
    roles = {one.role for one in covering}
    if "AU" in roles:
        return AUDITOR, None
    if roles & {*ADMINS, "SV"}:
        return ADMIN, None
    own = access.own_member_id
    return (PUBLIC, None) if own is None else (MEMBER, own)


def _member_viewer(context: ApiContext, access: Access, member_id: str, asked: Days) -> str:
    if access.own_member_id == member_id:
        return MEMBER
    roles = {one.role for one in access.rights if _covers(one, access, asked)}
    if roles & {"AU", "SV"}:
        return AUDITOR
    with context.database.read() as connection:
        consents = repository.opens_readings(connection, member_id)
    if "CA" in roles and consents:
        return ADMIN
    raise NotPermitted(
        "not_permitted", "these are a member's figures: ask the member for consent, or ask within the range granted"
    )


def _covers(right: Right, access: Access, asked: Days) -> bool:
    """Whether the range of a grant holds all days that are asked for."""
    zone = load_zone(access.where.tz)
    first, end = midnight_s(asked.start, zone) // SLOT_S, midnight_s(asked.to, zone) // SLOT_S
    return (right.data_from or 0) <= first and (right.data_to is None or end <= right.data_to)


def _where(access: Access, asked: Days) -> tuple[str, date, date]:
    return access.where.slug, asked.start, asked.to


def _widgets(context: ApiContext, wanted: FiguresAsked) -> list[WidgetBody]:
    found = context.figures.widgets(context.database, context.vault, wanted)
    widgets = [WidgetBody.model_validate(dict(one)) for one in found]
    if len(widgets) == 1 and widgets[0].withheld is not None:
        raise NotPermitted(
            widgets[0].withheld,
            "fewer than eight members stand behind these totals: ask for whole months, or for their consent",
        )
    return widgets


def _body(access: Access, asked: Days, widgets: Sequence[WidgetBody], member_id: str | None) -> FiguresBody:
    stated: dict[str, Any] = {
        "community": access.where.slug,
        "timezone": access.where.tz,
        "member": member_id,
        "from": asked.start.isoformat(),
        "to": asked.to.isoformat(),
        "widgets": list(widgets),
    }
    return FiguresBody.model_validate(stated)


def _require_days(asked: Days, resolution: str) -> None:
    days = (asked.to - asked.start).days
    if days < 1:
        fields = (("/query/to", "range"),)
        raise Invalid("invalid", "the range is empty or reversed: from must be before to", fields=fields)
    most = MAX_FINE_DAYS if resolution in FINE else MAX_DAYS
    if days > most:
        words = f"the range holds {days} days, more than {most} at this resolution: ask for parts of it"
        raise Invalid("range_too_large", words, fields=(("/query/to", "range_too_large"),))


def _require_coarse(viewer: str, resolution: str, level: int | None) -> None:
    """The public sees days and longer alone, and no dashboard."""
    if viewer == PUBLIC and (resolution in FINE or level is not None):
        raise NotPermitted("not_permitted", "without a role in the community ask for days or longer")


def _following(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)
