"""Routes of changes (identity and API specification §5.1)."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from api.changes import decisions, service
from api.changes.auth import ChangeReader, Decider, Drafter, Submitter
from api.changes.schemas import ChangeBody, ChangeInput, PreviewInput, ReasonInput
from api.context import Context
from api.etags import with_etag
from api.once import OnceAWhile, in_one_transaction
from api.operations.schemas import OperationBody
from api.pages import Page, Pages

router = APIRouter(prefix="/api/v1/communities/{community}/changes", tags=["changes"])


@router.get("", operation_id="list_changes", response_model=Page[ChangeBody])
def list_changes(
    request: Request, response: Response, context: Context, access: ChangeReader, pages: Pages
) -> Response:
    """Changes of a community in every state, the newest first."""
    return with_etag(request, service.list_changes(context, access, pages, response), headers=response.headers)


@router.post("", operation_id="draft_change", status_code=201, response_model=ChangeBody)
def draft_change(body: ChangeInput, context: Context, access: Drafter, once: OnceAWhile) -> JSONResponse:
    """Keep a draft; parameters out of their range are refused as the chain would refuse them."""
    return once.run(body, lambda connection: service.draft(connection, context, access, body))


@router.get("/{change}", operation_id="get_change", response_model=ChangeBody)
def get_change(change: str, request: Request, context: Context, access: ChangeReader) -> Response:
    """One change."""
    return with_etag(request, service.read_change(context, access, change))


@router.put("/{change}", operation_id="replace_change", response_model=ChangeBody)
def replace_change(change: str, body: ChangeInput, request: Request, context: Context, access: Drafter) -> Response:
    """Write a draft anew; `If-Match` names the state that is replaced."""
    return with_etag(request, service.replace(context, access, request, change, body))


@router.delete("/{change}", operation_id="delete_change", status_code=204)
def delete_change(change: str, request: Request, context: Context, access: Drafter) -> Response:
    """Delete a draft; `If-Match` names the state that is deleted."""
    service.remove(context, access, request, change)
    return Response(status_code=204)


@router.post("/{change}/preview", operation_id="preview_change", status_code=202, response_model=OperationBody)
def preview_change(change: str, body: PreviewInput, context: Context, access: ChangeReader) -> JSONResponse:
    """Try a change on a past period with the settlement code: old and new per pseudonym; nothing is minted."""
    return in_one_transaction(context, lambda connection: service.preview(connection, context, access, change, body))


@router.post("/{change}/submit", operation_id="submit_change", response_model=ChangeBody)
def submit_change(change: str, context: Context, access: Submitter) -> JSONResponse:
    """Fix a draft and give it to a second person."""
    return in_one_transaction(context, lambda connection: decisions.submit(connection, context, access, change))


@router.post("/{change}/approve", operation_id="approve_change", status_code=202, response_model=OperationBody)
def approve_change(change: str, context: Context, access: Decider) -> JSONResponse:
    """Approve what another person submitted; it is scheduled on chain with its notice."""
    return in_one_transaction(context, lambda connection: decisions.approve(connection, context, access, change))


@router.post("/{change}/reject", operation_id="reject_change", response_model=ChangeBody)
def reject_change(change: str, body: ReasonInput, context: Context, access: Decider) -> JSONResponse:
    """Refuse what another person submitted, with a reason."""
    return in_one_transaction(context, lambda connection: decisions.reject(connection, context, access, change, body))


@router.post("/{change}/withdraw", operation_id="withdraw_change", response_model=ChangeBody)
def withdraw_change(change: str, body: ReasonInput, context: Context, access: Submitter) -> JSONResponse:
    """Take a change back before it is approved."""
    return in_one_transaction(context, lambda connection: decisions.withdraw(connection, context, access, change, body))
