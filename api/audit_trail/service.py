"""The audit trail as far as a reader's rights reach: all of it, communities, or a granted range of time."""

import json

from fastapi import Response

from api.access import Access
from api.audit_trail import repository
from api.audit_trail.schemas import DeedBody, HeadBody
from api.context import ApiContext
from api.instants import instant_text
from api.matrix import EVERY_COMMUNITY
from api.pages import Page, Paging
from api.ranges import scopes_of
from gettone.db.repositories.audit_rows import AuditRow


def list_deeds(context: ApiContext, access: Access, pages: Paging, response: Response) -> Page[DeedBody]:
    """A page of deeds, the newest first."""
    before = None if pages.after is None else int(pages.after[0])
    # The platform sees every row, those of no community too, where the route names none.
    is_everything = access.community is None and EVERY_COMMUNITY in access.letters
    scopes = None if is_everything else scopes_of(access)
    with context.database.read() as connection:
        rows = repository.visible(connection, scopes, before, pages.fetch)
    return pages.page(response, [_body(one) for one in rows], [(one.entry,) for one in rows])


def read_head(context: ApiContext) -> HeadBody:
    """Number and hash of the newest deed."""
    with context.database.read() as connection:
        entry, digest = repository.head(connection)
    return HeadBody(entry=entry, hash=digest.hex())


def _body(row: AuditRow) -> DeedBody:
    return DeedBody(
        entry=row.entry,
        at=instant_text(row.at),
        actor=row.actor,
        action=row.action,
        community=row.community,
        subject=row.subject,
        before=_hex(row.before),
        after=_hex(row.after),
        # A reason is kept as JSON text, so that its digest is that of canonical bytes.
        reason=None if row.reason_text is None else json.loads(row.reason_text),
        hash=bytes(row.hash).hex(),
    )


def _hex(digest: bytes | None) -> str | None:
    return None if digest is None else bytes(digest).hex()
