"""Routes of members (identity and API specification §5.1)."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse

from api.context import Context
from api.etags import with_etag
from api.members import repository, service
from api.members.auth import Changing, Importing, Listing, Reading, Recording, Suspending
from api.members.schemas import (
    ImportedBody,
    ImportInput,
    MemberBody,
    MemberChange,
    PaymentBody,
    PaymentInput,
    PaymentsBody,
    State,
    StateBody,
    StateInput,
)
from api.once import OnceAWhile, OnceForEver, in_one_transaction
from api.operations.schemas import OperationBody
from api.pages import Page, Pages
from api.schemas import MemberId
from gettone.membership.states import MemberState

router = APIRouter(prefix="/api/v1/communities/{community}/members", tags=["members"])


@router.get("", operation_id="list_members")
def list_members(
    community: str,
    response: Response,
    context: Context,
    access: Listing,
    paging: Pages,
    state: Annotated[State | None, Query()] = None,
) -> Page[MemberBody]:
    """Members by id; with names for administrators, by pseudonym for the other roles."""
    after = None if paging.after is None else str(paging.after[0])
    names = service.sees_names(access)
    where = access.where.community_id
    rows = repository.page(context, where, state, after, paging.fetch, with_names=names)
    return paging.page(response, [service.body_of(access, one) for one in rows], [(one.row.member_id,) for one in rows])


@router.post("/import", operation_id="import_members", response_model=ImportedBody)
def import_members(
    community: str, context: Context, access: Importing, once: OnceAWhile, body: ImportInput
) -> JSONResponse:
    """Change members from a file, found by the ids of the community's own lists; all rows or none."""
    return once.run(body, lambda connection: service.import_members(connection, context, access, body))


@router.get("/{member}", operation_id="get_member", response_model=MemberBody)
def get_member(community: str, member: MemberId, request: Request, context: Context, access: Reading) -> Response:
    """One member."""
    with context.database.read() as connection:
        found = repository.one(connection, context, access.where.community_id, member)
    return with_etag(request, service.body_of(access, found))


@router.patch("/{member}", operation_id="change_member", response_model=MemberBody)
def change_member(
    community: str, member: MemberId, request: Request, context: Context, access: Changing, body: MemberChange
) -> Response:
    """Change a member; `If-Match` names the state that is changed."""
    return with_etag(request, service.change(context, access, request, member, body))


@router.post(
    "/{member}/suspend",
    operation_id="suspend_member",
    status_code=202,
    response_model=OperationBody,
    responses={200: {"model": StateBody}},
)
def suspend_member(
    community: str, member: MemberId, context: Context, access: Suspending, body: StateInput
) -> JSONResponse:
    """Suspend a member: the wallet is frozen, readings and payouts go on."""
    state = MemberState.SUSPENDED
    return in_one_transaction(
        context, lambda connection: service.move(connection, context, access, member, state, body)
    )


@router.post(
    "/{member}/resume",
    operation_id="resume_member",
    status_code=202,
    response_model=OperationBody,
    responses={200: {"model": StateBody}},
)
def resume_member(
    community: str, member: MemberId, context: Context, access: Suspending, body: StateInput
) -> JSONResponse:
    """End a suspension."""
    state = MemberState.ACTIVE
    return in_one_transaction(
        context, lambda connection: service.move(connection, context, access, member, state, body)
    )


@router.get("/{member}/fee-payments", operation_id="list_fee_payments")
def list_fee_payments(community: str, member: MemberId, context: Context, access: Recording) -> PaymentsBody:
    """The yearly fees that a member paid."""
    with context.database.read() as connection:
        repository.one(connection, context, access.where.community_id, member)
    return PaymentsBody(items=[service.payment_body(one) for one in repository.payments(context, member)])


@router.post("/{member}/fee-payments", operation_id="record_fee_payment", status_code=201, response_model=PaymentBody)
def record_fee_payment(
    community: str, member: MemberId, context: Context, access: Recording, once: OnceForEver, body: PaymentInput
) -> JSONResponse:
    """Record a yearly fee that was received."""
    return once.run(body, lambda connection: service.record_payment(connection, context, access, member, body))
