"""Routes of payment requests (identity and API specification §5.1)."""

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from api.context import Context
from api.once import OnceForEver
from api.pages import Page, Pages
from api.payment_requests import service
from api.payment_requests.auth import Party
from api.payment_requests.schemas import PaymentRequestBody, PaymentRequestIn
from gettone.db.repositories.payment_requests import RequestState

router = APIRouter(prefix="/api/v1/communities/{community}/payment-requests", tags=["transfers"])


@router.get("", operation_id="list_payment_requests")
def list_payment_requests(
    response: Response, context: Context, access: Party, paging: Pages
) -> Page[PaymentRequestBody]:
    """What the caller asked for and is asked for, the newest first."""
    return service.list_requests(context, access, paging, response)


@router.post("", operation_id="ask_for_payment", status_code=201, response_model=PaymentRequestBody)
def ask_for_payment(body: PaymentRequestIn, context: Context, access: Party, once: OnceForEver) -> JSONResponse:
    """Ask another member for tokens."""
    return once.run(body, lambda connection: service.ask(connection, context, access, body))


@router.post("/{request_id}/accept", operation_id="accept_payment_request", response_model=PaymentRequestBody)
def accept_payment_request(request_id: str, context: Context, access: Party, once: OnceForEver) -> JSONResponse:
    """Say that it will be paid; the transfer itself is the payer's."""
    return once.run(
        None, lambda connection: service.answer(connection, context, access, request_id, RequestState.ACCEPTED)
    )


@router.post("/{request_id}/refuse", operation_id="refuse_payment_request", response_model=PaymentRequestBody)
def refuse_payment_request(request_id: str, context: Context, access: Party, once: OnceForEver) -> JSONResponse:
    """Refuse it."""
    return once.run(
        None, lambda connection: service.answer(connection, context, access, request_id, RequestState.REFUSED)
    )
