"""Routes of settlements (identity and API specification §5.1)."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import JSONResponse

from api.context import Context
from api.etags import with_etag
from api.once import OnceAWhile, OnceForEver
from api.operations.schemas import OperationBody
from api.pages import Page, Pages
from api.settlements import decisions, receipt, service
from api.settlements.auth import Approver, LineReader, Publisher, Retrier, Reviser, Runner, SettlementReader
from api.settlements.schemas import (
    ChunksBody,
    CompletenessBody,
    LineBody,
    ReasonBody,
    ReceiptBody,
    RevisionsBody,
    RunBody,
    SettlementBody,
)

router = APIRouter(prefix="/api/v1/communities/{community}/settlements", tags=["settlements"])

Number = Annotated[int, Path(ge=0, lt=2**31, description="Index of the period.")]
Revision = Annotated[int | None, Query(ge=0, lt=2**31, description="The latest where none is named.")]


@router.get("", operation_id="list_settlements", response_model=Page[SettlementBody])
def list_settlements(
    request: Request, response: Response, context: Context, access: SettlementReader, pages: Pages
) -> Response:
    """Settlements of a community with roots and totals, the newest first."""
    page = service.list_settlements(context, access, pages, response)
    return with_etag(request, page, headers=response.headers)


@router.post("", operation_id="run_settlement", status_code=202, response_model=OperationBody)
def run_settlement(body: RunBody, context: Context, access: Runner, once: OnceAWhile) -> JSONResponse:
    """Settle a period from wherever it stands; on a closed settlement this changes nothing."""
    return once.run(body, lambda connection: decisions.run(connection, context, access, body))


@router.get("/{number}", operation_id="get_settlement", response_model=SettlementBody)
def get_settlement(
    number: Number, request: Request, context: Context, access: SettlementReader, revision: Revision = None
) -> Response:
    """One settlement."""
    return with_etag(request, service.read_settlement(context, access, number, revision))


@router.get("/{number}/revisions", operation_id="list_settlement_revisions", response_model=RevisionsBody)
def list_settlement_revisions(number: Number, request: Request, context: Context, access: SettlementReader) -> Response:
    """Every revision of a period, the first one first."""
    return with_etag(request, service.list_revisions(context, access, number))


@router.get("/{number}/chunks", operation_id="list_settlement_chunks", response_model=ChunksBody)
def list_settlement_chunks(
    number: Number, request: Request, context: Context, access: SettlementReader, revision: Revision = None
) -> Response:
    """The payouts with the calldata of each transaction, so that anybody can finish paying."""
    return with_etag(request, service.list_chunks(context, access, number, revision))


@router.get("/{number}/completeness", operation_id="get_settlement_completeness", response_model=CompletenessBody)
def get_settlement_completeness(
    number: Number, request: Request, context: Context, access: LineReader, revision: Revision = None
) -> Response:
    """How complete a settlement is at the five levels, and who was left out and why."""
    return with_etag(request, service.read_completeness(context, access, number, revision))


@router.get("/{number}/lines", operation_id="list_settlement_lines", response_model=Page[LineBody])
def list_settlement_lines(
    number: Number,
    request: Request,
    response: Response,
    context: Context,
    access: LineReader,
    pages: Pages,
    revision: Revision = None,
) -> Response:
    """One line a member, in the order of the roster; a member sees the own one."""
    page = service.list_lines(context, access, (number, revision), pages, response)
    return with_etag(request, page, headers=response.headers)


@router.get("/{number}/me", operation_id="get_settlement_receipt", response_model=ReceiptBody)
def get_settlement_receipt(
    number: Number, request: Request, context: Context, access: LineReader, revision: Revision = None
) -> Response:
    """The caller's own receipt."""
    return with_etag(request, receipt.read_receipt(context, access, number, revision))


@router.post("/{number}/approve", operation_id="approve_settlement", status_code=202, response_model=OperationBody)
def approve_settlement(number: Number, context: Context, access: Approver, once: OnceForEver) -> JSONResponse:
    """Approve the proposal of a settlement, where each of them waits for a person."""
    return once.run(None, lambda connection: decisions.approve(connection, context, access, number))


@router.post("/{number}/publish", operation_id="publish_settlement", status_code=202, response_model=OperationBody)
def publish_settlement(number: Number, context: Context, access: Publisher, once: OnceForEver) -> JSONResponse:
    """Sign, open and pay a proposed settlement."""
    return once.run(None, lambda connection: decisions.publish(connection, context, access, number))


@router.post("/{number}/retry", operation_id="retry_settlement", status_code=202, response_model=OperationBody)
def retry_settlement(number: Number, context: Context, access: Retrier, once: OnceForEver) -> JSONResponse:
    """Resend the stored bytes of a settlement, and go on where it failed."""
    return once.run(None, lambda connection: decisions.retry(connection, context, access, number))


@router.post("/{number}/revise", operation_id="revise_settlement", status_code=202, response_model=OperationBody)
def revise_settlement(
    number: Number, body: ReasonBody, context: Context, access: Reviser, once: OnceForEver
) -> JSONResponse:
    """Speak for correcting a closed period; when a second person did the same, it is settled anew."""
    return once.run(body, lambda connection: decisions.revise(connection, context, access, number, body))


@router.post("/{number}/release", operation_id="release_settlement", status_code=202, response_model=OperationBody)
def release_settlement(
    number: Number, body: ReasonBody, context: Context, access: Reviser, once: OnceForEver
) -> JSONResponse:
    """Speak for settling an incomplete period; when a second person did the same, it goes on."""
    return once.run(body, lambda connection: decisions.release(connection, context, access, number, body))
