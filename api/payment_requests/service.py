"""Payment requests: asked by one member, answered once by the other."""

import base64
import secrets

from fastapi import Response
from sqlalchemy import Connection

from api.access import Access
from api.context import ApiContext
from api.instants import instant_text
from api.once import Answer
from api.pages import Page, Paging
from api.payment_requests.repository import RequestRepository
from api.payment_requests.schemas import PaymentRequestBody, PaymentRequestIn
from api.refusals import Invalid, NotFound, NotPermitted
from gettone.db.repositories.audit_trail import AuditTrail, Deed
from gettone.db.repositories.payment_requests import RequestRow, RequestState
from gettone.errors import Conflict


def list_requests(context: ApiContext, access: Access, paging: Paging, response: Response) -> Page[PaymentRequestBody]:
    """What the caller asked for and is asked for, the newest first."""
    after = None if paging.after is None else (int(paging.after[0]), str(paging.after[1]))
    with context.database.read() as connection:
        repository = RequestRepository(connection, access.where.community_id)
        rows = repository.of_member(_own(access), after, paging.fetch)
        items = [_body(repository, row) for row in rows]
    return paging.page(response, items, [(row.created_at, row.request_id) for row in rows])


def ask(connection: Connection, context: ApiContext, access: Access, body: PaymentRequestIn) -> Answer:
    """Ask another member of the community."""
    repository, own = RequestRepository(connection, access.where.community_id), _own(access)
    if body.payer == own or not repository.is_member(body.payer):
        fields = (("/body/from", "member"),)
        raise Invalid("invalid", "ask another member of this community: take the id from the directory", fields=fields)
    if int(body.units) == 0:
        raise Invalid("invalid", "ask for more than nothing", fields=(("/body/units", "positive"),))
    request_id = "pr_" + base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=").lower()
    row = RequestRow(
        request_id,
        access.where.community_id,
        own,
        body.payer,
        int(body.units),
        body.text,
        RequestState.OPEN,
        context.clock(),
        None,
    )
    repository.add(row)
    _note(connection, context, access, row, "payment-request.ask")
    document = _body(repository, row).model_dump(mode="json")
    return Answer(201, document, {"Location": f"/api/v1/communities/{access.where.slug}/payment-requests/{request_id}"})


def answer(connection: Connection, context: ApiContext, access: Access, request_id: str, state: RequestState) -> Answer:
    """The payer's answer; the same one again changes nothing, another one is Conflict `state`."""
    repository, own = RequestRepository(connection, access.where.community_id), _own(access)
    row = repository.find(request_id)
    if row is None or own not in (row.member_id, row.payer_id):
        raise NotFound("not_found", "there is no such request of yours")
    if own != row.payer_id:
        raise NotPermitted("not_permitted", "who is asked for tokens answers, not who asked")
    if not repository.answer(request_id, state, context.clock()) and row.state is not state:
        raise Conflict("state", f"this request was {row.state.value} before: ask anew")
    after = repository.find(request_id)
    assert after is not None  # noqa: S101 - found just above
    if row.state is RequestState.OPEN:
        _note(connection, context, access, after, f"payment-request.{state.value}")
    return Answer(200, _body(repository, after).model_dump(mode="json"))


def _own(access: Access) -> str:
    if access.own_member_id is None:
        raise NotPermitted("not_permitted", "only a member asks for tokens")
    return access.own_member_id


def _body(repository: RequestRepository, row: RequestRow) -> PaymentRequestBody:
    return PaymentRequestBody(
        id=row.request_id,
        asker=row.member_id,
        payer=row.payer_id,
        units=row.units,
        text=row.text,
        state=row.state.value,
        pay_to=repository.wallet(row.member_id) if row.state is RequestState.ACCEPTED else None,
        created_at=instant_text(row.created_at),
        answered_at=None if row.answered_at is None else instant_text(row.answered_at),
    )


def _note(connection: Connection, context: ApiContext, access: Access, row: RequestRow, action: str) -> None:
    deed = Deed(access.person.name, action, row.request_id, row.community_id, after=row.deed())
    AuditTrail(connection).append(deed, context.clock())
