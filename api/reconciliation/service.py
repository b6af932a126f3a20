"""Stored reconciliations of a community; an auditor sees those made in the granted range."""

import json

from fastapi import Response

from api.access import Access
from api.context import ApiContext
from api.instants import instant_text
from api.pages import Page, Paging
from api.ranges import scopes_of
from api.reconciliation import repository
from api.reconciliation.schemas import ReconciliationBody
from gettone.db.repositories.reconciliations import ReconciliationRow


def list_reconciliations(
    context: ApiContext, access: Access, pages: Paging, response: Response
) -> Page[ReconciliationBody]:
    """A page of reconciliations, the newest first."""
    before = None if pages.after is None else int(pages.after[0])
    with context.database.read() as connection:
        rows = repository.newest(connection, scopes_of(access), before, pages.fetch)
    return pages.page(response, [_body(*one) for one in rows], [(number,) for number, _ in rows])


def _body(number: int, row: ReconciliationRow) -> ReconciliationBody:
    return ReconciliationBody(
        reconciliation_id=number,
        block_number=row.block_number,
        started_by=row.started_by,
        started_at=instant_text(row.started_at),
        finished_at=instant_text(row.finished_at),
        differences=row.differences,
        report=json.loads(row.report),
    )
