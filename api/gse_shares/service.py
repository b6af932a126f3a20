"""The bonus is shared by the rules of the specification (rewards §6), once a period."""

from sqlalchemy import Connection

from api.access import Access
from api.context import ApiContext
from api.gse_shares import repository
from api.gse_shares.schemas import ShareBody, ShareInput
from api.instants import instant_text
from api.once import Answer
from api.pages import Page
from api.refusals import Invalid, NotFound
from gettone.db.repositories.audit_trail import AuditTrail, Deed
from gettone.db.repositories.gse_shares import GseShareRow
from gettone.errors import InputError
from gettone.rewards.gse import share_document


def list_shares(context: ApiContext, access: Access) -> Page[ShareBody]:
    """Every statement, the newest first."""
    with context.database.read() as connection:
        rows = repository.of(connection, access.where.community_id).all()
    return Page(items=[_body(one) for one in rows])


def read_share(context: ApiContext, access: Access, share_id: str) -> ShareBody:
    """One statement."""
    with context.database.read() as connection:
        row = repository.of(connection, access.where.community_id).find(share_id)
    if row is None:
        raise NotFound("not_found", "there is no such statement")
    return _body(row)


def share(connection: Connection, context: ApiContext, access: Access, body: ShareInput) -> Answer:
    """Share a bonus; Invalid names the field, Conflict `exists` for a period that was shared."""
    here = access.where.community_id
    try:
        result = share_document(body.input)
    except InputError as refusal:
        raise Invalid("invalid", refusal.message, fields=(("/body/input", refusal.code),)) from None
    known = repository.member_ids(connection, here)
    strangers = sorted(one["member_id"] for one in result["members"] if one["member_id"] not in known)
    if strangers:
        fields = (("/body/input/members", "member_unknown"),)
        raise Invalid("invalid", f"{strangers[0]} is no member of this community", fields=fields)
    shares = repository.of(connection, here)
    share_id = shares.add(body.period, body.input, result, access.person.name, context.clock())
    deed = Deed(access.person.name, "gse.share", f"bonus {body.period}", here, after={"id": share_id})
    AuditTrail(connection).append(deed, context.clock())
    row = shares.find(share_id)
    assert row is not None  # noqa: S101 - added just above
    location = f"/api/v1/communities/{access.where.slug}/gse-shares/{share_id}"
    return Answer(201, _body(row).model_dump(mode="json"), {"Location": location})


def _body(row: GseShareRow) -> ShareBody:
    return ShareBody(
        id=row.share_id,
        period=row.period,
        input=dict(row.input),
        result=dict(row.result),
        made_by=row.made_by,
        made_at=instant_text(row.made_at),
    )
