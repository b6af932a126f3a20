"""Quality as far as rights reach: everybody's by pseudonym for who runs or audits, the own for a member."""

from fastapi import Response
from sqlalchemy import Connection

from api.access import Access
from api.context import ApiContext
from api.once import Answer
from api.pages import Page, Paging
from api.quality import repository
from api.quality.schemas import AnomalyBody, OverrideBody, OverrideInput, QualityBody
from api.refusals import NotFound
from api.two_persons import require_another
from gettone.db.columns import SLOT_S
from gettone.db.repositories.anomaly_pages import OPEN, ListedAnomaly
from gettone.db.repositories.audit_trail import AuditTrail, Deed
from gettone.db.repositories.proposals import APPROVED
from gettone.errors import Conflict
from gettone.periods import parse_period, utc_text

KIND = "quality.override"


def read_quality(
    context: ApiContext, access: Access, period: str, member: str | None, channel: int | None
) -> QualityBody:
    """The report of a period; NotFound for another's member, and for a period outside the granted range."""
    wanted = parse_period(period, access.where.tz)
    slots = (wanted.start_s // SLOT_S, wanted.end_s // SLOT_S)
    if not any((one.data_from or 0) <= slots[0] and slots[1] <= (one.data_to or slots[1]) for one in access.rights):
        raise NotFound("not_found", "the period is not within what was granted to you")
    if not access.sees_everybody:
        if member not in (None, access.own_member_id):
            raise NotFound("not_found", "there is no such member")
        member = access.own_member_id
    with context.database.read() as connection:
        report = context.reports.quality(connection, access.where.slug, period, member, channel)
    shown = ("channel_id", "at", "version", "state")
    return QualityBody.model_validate(
        {
            "period_start": report["period_start"],
            "period_end": report["period_end"],
            "lines": report["lines"],
            "waiting": [{name: one[name] for name in shown} for one in report["waiting"]],
        }
    )


def list_anomalies(context: ApiContext, access: Access, pages: Paging, response: Response) -> Page[AnomalyBody]:
    """A page of anomalies, the newest first."""
    before = None if pages.after is None else int(pages.after[0])
    with context.database.read() as connection:
        rows = repository.newest(connection, access, before, pages.fetch)
    return pages.page(response, [_body(one) for one in rows], [(one.anomaly_id,) for one in rows])


def propose(
    connection: Connection, context: ApiContext, access: Access, anomaly_id: int, body: OverrideInput
) -> Answer:
    """Propose that a finding is none; Conflict `state` for one that is not open, or proposed already."""
    anomaly, proposals = _open(connection, access, anomaly_id), repository.proposals(connection, access)
    if proposals.open(KIND, str(anomaly_id)) is not None:
        raise Conflict("state", "somebody proposed this already: a community admin approves it")
    name = access.person.name
    proposals.add(KIND, str(anomaly_id), {"reason": body.reason}, name, context.clock())
    _note(connection, context, access, "quality.override", anomaly_id, body.reason)
    found = OverrideBody(anomaly=_body(anomaly), proposed_by=name, approved_by=None)
    return Answer(200, found.model_dump(mode="json"))


def approve(connection: Connection, context: ApiContext, access: Access, anomaly_id: int) -> Answer:
    """Approve what another person proposed: the anomaly is dismissed, with the reason beside it."""
    _open(connection, access, anomaly_id)
    proposals, name = repository.proposals(connection, access), access.person.name
    waiting = proposals.open(KIND, str(anomaly_id))
    if waiting is None:
        raise Conflict("state", "nobody proposed this: an oracle admin does so first")
    require_another(connection, context, access, waiting.proposed_by, waiting.proposed_at)
    proposals.decide(waiting.proposal_id, APPROVED, name, context.clock())
    anomalies = repository.anomalies(connection, access)
    anomalies.dismiss(anomaly_id, waiting.document["reason"])
    _note(connection, context, access, "quality.approve", anomaly_id, waiting.document["reason"])
    dismissed = anomalies.find(anomaly_id)
    assert dismissed is not None  # noqa: S101 - found just above
    found = OverrideBody(anomaly=_body(dismissed), proposed_by=waiting.proposed_by, approved_by=name)
    return Answer(200, found.model_dump(mode="json"))


def _open(connection: Connection, access: Access, anomaly_id: int) -> ListedAnomaly:
    anomaly = repository.anomalies(connection, access).find(anomaly_id)
    if anomaly is None:
        raise NotFound("not_found", "there is no such anomaly here")
    if anomaly.state != OPEN:
        raise Conflict("state", f"the anomaly is {anomaly.state} already")
    return anomaly


def _note(
    connection: Connection, context: ApiContext, access: Access, action: str, anomaly_id: int, reason: str
) -> None:
    deed = Deed(access.person.name, action, f"anomaly {anomaly_id}", access.where.community_id, reason=reason)
    AuditTrail(connection).append(deed, context.clock())


def _body(row: ListedAnomaly) -> AnomalyBody:
    values = {name: getattr(row, name) for name in ("channel_id", "code", "severity", "state", "note")}
    last = None if row.last_slot is None else utc_text(row.last_slot * SLOT_S)
    first = utc_text(row.first_slot * SLOT_S)
    return AnomalyBody.model_validate(
        {**values, "id": row.anomaly_id, "count": row.times, "first": first, "last": last}
    )
