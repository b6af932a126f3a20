"""Routes of agreements (identity and API specification §5.1)."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import JSONResponse

from api.agreements import acts, decisions, service
from api.agreements.auth import Actor, Checker, Rater, Reader, Resolver
from api.agreements.schemas import (
    ActIn,
    AgreementBody,
    AgreementIn,
    CheckIn,
    DisputeIn,
    FeedbackIn,
    PreparedBody,
    ResolveIn,
)
from api.context import Context
from api.etags import with_etag
from api.once import OnceForEver
from api.operations.schemas import OperationBody
from api.pages import Page, Pages
from gettone.chain.agreement import Act

router = APIRouter(prefix="/api/v1/communities/{community}/agreements", tags=["agreements"])

Agreement = Annotated[str, Path(pattern="^0x[0-9a-f]{64}$")]
CARRIED: dict[int | str, dict[str, Any]] = {202: {"model": OperationBody, "description": "Carried to the chain"}}


@router.get("", operation_id="list_agreements")
def list_agreements(response: Response, context: Context, access: Reader, paging: Pages) -> Page[AgreementBody]:
    """The caller's agreements on chain, the latest first."""
    return service.list_agreements(context, access, paging, response)


@router.post("", operation_id="write_agreement", status_code=201, response_model=AgreementBody)
def write_agreement(body: AgreementIn, context: Context, access: Actor, once: OnceForEver) -> JSONResponse:
    """Write terms and words down: legs, fee and incentive come back, and what has to be signed."""
    return once.run(body, lambda connection: service.write_down(connection, context, access, body))


@router.get("/{agreement}", operation_id="get_agreement", response_model=AgreementBody)
def get_agreement(agreement: Agreement, request: Request, context: Context, access: Reader) -> Response:
    """One agreement of the caller."""
    return with_etag(request, service.read_agreement(context, access, agreement))


@router.post("/{agreement}/accept", operation_id="accept_agreement", response_model=PreparedBody, responses=CARRIED)
def accept_agreement(
    agreement: Agreement, body: ActIn, context: Context, access: Actor, once: OnceForEver
) -> JSONResponse:
    """Consent: the first one proposes it on chain, the last one puts it in force."""
    return acts.act(context, access, once, agreement, Act.ACCEPT, body)


@router.post("/{agreement}/deliver", operation_id="deliver_agreement", response_model=PreparedBody, responses=CARRIED)
def deliver_agreement(
    agreement: Agreement, body: ActIn, context: Context, access: Actor, once: OnceForEver
) -> JSONResponse:
    """Declare the delivery, as the provider; of a loan the return, as the borrower."""
    return acts.deliver(context, access, once, agreement, body)


@router.post("/{agreement}/confirm", operation_id="confirm_agreement", response_model=PreparedBody, responses=CARRIED)
def confirm_agreement(
    agreement: Agreement, body: ActIn, context: Context, access: Actor, once: OnceForEver
) -> JSONResponse:
    """Confirm the delivery, as a payer; of a loan the return, as the lender."""
    return acts.confirm(context, access, once, agreement, body)


@router.post("/{agreement}/cancel", operation_id="cancel_agreement", response_model=PreparedBody, responses=CARRIED)
def cancel_agreement(
    agreement: Agreement, body: ActIn, context: Context, access: Actor, once: OnceForEver
) -> JSONResponse:
    """Take the own consent back."""
    return acts.act(context, access, once, agreement, Act.CANCEL, body)


@router.post("/{agreement}/dispute", operation_id="dispute_agreement", response_model=PreparedBody, responses=CARRIED)
def dispute_agreement(
    agreement: Agreement, body: DisputeIn, context: Context, access: Actor, once: OnceForEver
) -> JSONResponse:
    """Stop it until somebody resolves it."""
    return acts.act(context, access, once, agreement, Act.DISPUTE, body, body.reason)


@router.post("/{agreement}/feedback", operation_id="rate_agreement", response_model=PreparedBody, responses=CARRIED)
def rate_agreement(
    agreement: Agreement, body: FeedbackIn, context: Context, access: Rater, once: OnceForEver
) -> JSONResponse:
    """Rate a settled agreement, as one of its parties, once."""
    return acts.act(context, access, once, agreement, Act.FEEDBACK, body, body.text)


@router.post("/{agreement}/check", operation_id="check_agreement", status_code=202, response_model=OperationBody)
def check_agreement(
    agreement: Agreement, body: CheckIn, context: Context, access: Checker, once: OnceForEver
) -> JSONResponse:
    """Record what a verifier found; nobody checks an own agreement."""
    return once.run(body, lambda connection: decisions.check(connection, context, access, agreement, body))


@router.post("/{agreement}/resolve", operation_id="resolve_agreement", status_code=202, response_model=OperationBody)
def resolve_agreement(
    agreement: Agreement, body: ResolveIn, context: Context, access: Resolver, once: OnceForEver
) -> JSONResponse:
    """Split the escrow of a disputed agreement."""
    return once.run(body, lambda connection: decisions.resolve(connection, context, access, agreement, body))
