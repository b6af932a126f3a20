"""Routes of requests to join (identity and API specification §5.1)."""

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from api.context import Context
from api.join_requests import repository, service
from api.join_requests.auth import Asking, Deciding
from api.join_requests.schemas import ApproveInput, JoinInput, RejectInput, RequestBody
from api.once import OnceAWhile, in_one_transaction
from api.pages import Page, Pages

router = APIRouter(prefix="/api/v1/communities/{community}/join-requests", tags=["joining"])


@router.get("", operation_id="list_join_requests")
def list_join_requests(
    community: str, response: Response, context: Context, access: Asking, paging: Pages
) -> Page[RequestBody]:
    """The own requests; all of the community for its administrators."""
    after = None if paging.after is None else (int(paging.after[0]), str(paging.after[1]))
    user_id = None if access.sees_everybody else access.person.user_id or ""
    rows = [] if user_id == "" else repository.page(context, access.where.community_id, user_id, after, paging.fetch)
    keys = [(one.requested_at, one.request_id) for one in rows]
    return paging.page(response, [service.body_of(one) for one in rows], keys)


@router.post("", operation_id="ask_to_join", status_code=201, response_model=RequestBody)
def ask_to_join(community: str, context: Context, access: Asking, once: OnceAWhile, body: JoinInput) -> JSONResponse:
    """Ask to become a member."""
    return once.run(body, lambda connection: service.ask(connection, context, access, body))


@router.post("/{request_id}/approve", operation_id="approve_join_request", response_model=RequestBody)
def approve_join_request(
    community: str, request_id: str, context: Context, access: Deciding, body: ApproveInput
) -> JSONResponse:
    """Make a member of who asked; the own request needs another administrator."""
    return in_one_transaction(
        context, lambda connection: service.approve(connection, context, access, request_id, body)
    )


@router.post("/{request_id}/reject", operation_id="reject_join_request", response_model=RequestBody)
def reject_join_request(
    community: str, request_id: str, context: Context, access: Deciding, body: RejectInput
) -> JSONResponse:
    """Decline a request with a reason."""
    return in_one_transaction(context, lambda connection: service.reject(connection, context, access, request_id, body))
