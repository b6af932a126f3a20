"""Auditors: appointed as a role by two persons, watched by the members."""

from fastapi import Response

from api.access import Access
from api.auditors import repository
from api.auditors.schemas import AuditorBody, RangeInput, ReadBody
from api.context import ApiContext
from api.instants import instant_text
from api.once import Answer
from api.pages import Page, Paging
from api.roles import service as roles
from api.roles.schemas import GrantInput
from gettone.db.columns import SLOT_S
from gettone.db.repositories.grants import GrantRow


def list_auditors(context: ApiContext, access: Access) -> Page[AuditorBody]:
    """The auditors of a community."""
    with context.database.read() as connection:
        rows = repository.auditors(connection, access.where.community_id, context.clock())
    return Page(items=[_body(one) for one in rows])


def appoint(act: roles.Act, body: RangeInput) -> Answer:
    """Propose an auditor, or approve what another person proposed with the same range."""
    wanted = GrantInput(data_from=body.from_, data_to=body.to, to=body.until, reason=body.reason)
    return roles.grant(act, wanted)


def list_reads(context: ApiContext, access: Access, reader: str, pages: Paging, response: Response) -> Page[ReadBody]:
    """What an auditor looked at, the newest first."""
    before = None if pages.after is None else int(pages.after[0])
    with context.database.read() as connection:
        rows = repository.reads(connection, access.where.community_id, reader, before, pages.fetch)
    items = [ReadBody(at=instant_text(one.at), action=one.action, path=one.path) for one in rows]
    return pages.page(response, items, [(one.read_id,) for one in rows])


def _body(row: GrantRow) -> AuditorBody:
    return AuditorBody.model_validate(
        {
            "sub": row.holder,
            "state": row.state,
            "from": None if row.data_from is None else instant_text(row.data_from * SLOT_S * 1000),
            "to": None if row.data_to is None else instant_text(row.data_to * SLOT_S * 1000),
            "until": None if row.valid_to is None else instant_text(row.valid_to),
        }
    )
