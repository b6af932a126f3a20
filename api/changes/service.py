"""Changes of rules: what a draft may state, and how it is shown."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request, Response
from sqlalchemy import Connection

from api.access import Access
from api.changes import repository
from api.changes.auth import require_kind
from api.changes.schemas import ChangeBody, ChangeInput, PreviewInput
from api.context import ApiContext
from api.etags import require_match
from api.instants import instant_text
from api.matrix import PROPOSES
from api.once import Answer
from api.operations.service import ask, place_of
from api.pages import Page, Paging
from api.refusals import Invalid, NotFound
from gettone.db.repositories.audit_trail import AuditTrail, Deed
from gettone.db.repositories.rule_changes import ChangeRow, ChangeState, Draft
from gettone.errors import Conflict, InputError
from gettone.periods import utc_text
from gettone.rule_changes import ChangeKind, checked_parameters, shown_parameters


def list_changes(context: ApiContext, access: Access, pages: Paging, response: Response) -> Page[ChangeBody]:
    """A page of changes, the newest first."""
    before = None if pages.after is None else (int(pages.after[0]), str(pages.after[1]))
    with context.database.read() as connection:
        rows = repository.newest(connection, access.where.community_id, before, pages.fetch)
    return pages.page(response, [body_of(one) for one in rows], [(one.created_at, one.change_id) for one in rows])


def read_change(context: ApiContext, access: Access, change_id: str) -> ChangeBody:
    """One change."""
    with context.database.read() as connection:
        return body_of(found(connection, access, change_id))


def draft(connection: Connection, context: ApiContext, access: Access, body: ChangeInput) -> Answer:
    """Keep a draft."""
    wanted = _draft(access, body)
    change_id = repository.of(connection, access.where.community_id).add(wanted, access.person.name, context.clock())
    row = found(connection, access, change_id)
    note(connection, context, access, row, "change.draft", after=row.parameters)
    location = f"/api/v1/communities/{access.where.slug}/changes/{change_id}"
    return Answer(201, body_of(row).model_dump(mode="json"), {"Location": location})


def replace(context: ApiContext, access: Access, request: Request, change_id: str, body: ChangeInput) -> ChangeBody:
    """Write a draft anew; Conflict `state` for one that is submitted."""
    wanted = _draft(access, body)
    with context.database.write() as connection:
        before = found(connection, access, change_id)
        require_match(request, body_of(before))
        require_state(before, (ChangeState.DRAFT,))
        changes = repository.of(connection, access.where.community_id)
        changes.replace(change_id, wanted, access.person.name, context.clock())
        row = found(connection, access, change_id)
        note(connection, context, access, row, "change.edit", before=before.parameters, after=row.parameters)
    return body_of(row)


def remove(context: ApiContext, access: Access, request: Request, change_id: str) -> None:
    """Delete a draft."""
    with context.database.write() as connection:
        row = found(connection, access, change_id)
        require_match(request, body_of(row))
        require_kind(access, row.kind, PROPOSES)
        require_state(row, (ChangeState.DRAFT,))
        repository.of(connection, access.where.community_id).remove(change_id)
        note(connection, context, access, row, "change.delete", before=row.parameters)


def preview(connection: Connection, context: ApiContext, access: Access, change_id: str, body: PreviewInput) -> Answer:
    """Try a change on a past period: the worker computes it, nothing is minted."""
    row = found(connection, access, change_id)
    return ask(connection, context, access, "change.preview", {"change": row.change_id, "period": body.period})


def found(connection: Connection, access: Access, change_id: str) -> ChangeRow:
    """A change of the community; NotFound where there is none."""
    row = repository.of(connection, access.where.community_id).find(change_id)
    if row is None:
        raise NotFound("not_found", "there is no such change")
    return row


def require_state(row: ChangeRow, states: tuple[ChangeState, ...]) -> None:
    """Conflict `state` for a change in another state."""
    if row.state not in states:
        raise Conflict("state", f"the change is {row.state}, and this follows {' or '.join(states)}")


def note(
    connection: Connection,
    context: ApiContext,
    access: Access,
    row: ChangeRow,
    action: str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str | None = None,
) -> None:
    """Write a deed about a change into the audit trail."""
    texts = [None if one is None else shown_parameters(one) for one in (before, after)]
    subject = f"{row.kind} {row.change_id}"
    deed = Deed(access.person.name, action, subject, access.where.community_id, texts[0], texts[1], reason)
    AuditTrail(connection).append(deed, context.clock())


def body_of(row: ChangeRow) -> ChangeBody:
    """A change as it goes out."""
    return ChangeBody.model_validate(
        {
            "id": row.change_id,
            "kind": row.kind.value,
            "parameters": shown_parameters(row.parameters),
            "valid_from": utc_text(row.valid_from_s),
            "state": row.state.value,
            "digest": None if row.digest is None else row.digest.hex(),
            "created_at": instant_text(row.created_at),
            "proposed_by": row.proposed_by,
            "proposed_at": instant_text(row.proposed_at),
            "decided_by": row.decided_by,
            "decided_at": None if row.decided_at is None else instant_text(row.decided_at),
            "reason": row.reason,
            "preview": None if row.preview is None else dict(row.preview),
            "operation": None if row.operation_id is None else place_of(row.operation_id),
            "transaction": None if row.tx_hash is None else "0x" + row.tx_hash.hex(),
        }
    )


def _draft(access: Access, body: ChangeInput) -> Draft:
    kind = ChangeKind(body.kind)
    require_kind(access, kind, PROPOSES)
    try:
        parameters = checked_parameters(kind, body.parameters)
    except InputError as refusal:
        fields = (("/body/parameters", "out_of_range"),)
        raise Invalid("out_of_range", refusal.message, fields=fields) from None
    return Draft(kind, parameters, int(body.valid_from.timestamp()))
