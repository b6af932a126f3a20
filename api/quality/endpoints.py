"""Routes of quality (identity and API specification §5.1)."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import JSONResponse

from api.context import Context
from api.etags import with_etag
from api.once import OnceAWhile
from api.pages import Page, Pages
from api.quality import service
from api.quality.auth import OverrideApprover, Overrider, QualityReader
from api.quality.schemas import AnomalyBody, OverrideBody, OverrideInput, Period, QualityBody
from api.schemas import MemberId

router = APIRouter(prefix="/api/v1/communities/{community}", tags=["quality"])

Number = Annotated[int, Path(ge=1, lt=2**31)]


@router.get("/quality", operation_id="get_quality", response_model=QualityBody)
def get_quality(
    request: Request,
    context: Context,
    access: QualityReader,
    period: Annotated[Period, Query(description="2016-09, 2016-W37, 2016-09-14 or FROM/TO.")],
    member: MemberId | None = None,
    channel: Annotated[int | None, Query(ge=1, lt=2**31)] = None,
) -> Response:
    """Expected, valid and missing slots by channel over a period, and what waits for a person."""
    return with_etag(request, service.read_quality(context, access, period, member, channel))


@router.get("/anomalies", operation_id="list_anomalies", response_model=Page[AnomalyBody])
def list_anomalies(
    request: Request, response: Response, context: Context, access: QualityReader, pages: Pages
) -> Response:
    """What the rules found, the newest first."""
    return with_etag(request, service.list_anomalies(context, access, pages, response), headers=response.headers)


@router.post("/quality/{number}/override", operation_id="override_quality", response_model=OverrideBody)
def override_quality(
    number: Number, body: OverrideInput, context: Context, access: Overrider, once: OnceAWhile
) -> JSONResponse:
    """Propose that an anomaly is none; a community admin approves it."""
    return once.run(body, lambda connection: service.propose(connection, context, access, number, body))


@router.post("/quality/{number}/approve", operation_id="approve_quality", response_model=OverrideBody)
def approve_quality(number: Number, context: Context, access: OverrideApprover, once: OnceAWhile) -> JSONResponse:
    """Approve what another person proposed: the anomaly is dismissed."""
    return once.run(None, lambda connection: service.approve(connection, context, access, number))
