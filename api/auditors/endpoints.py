"""Routes of auditors (identity and API specification §5.1)."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from api.auditors import service
from api.auditors.auth import Appointer, Dismisser, LogReader
from api.auditors.schemas import AuditorBody, RangeInput, ReadBody
from api.context import Context
from api.etags import with_etag
from api.once import in_one_transaction
from api.pages import Page, Pages
from api.roles import service as roles
from api.roles.schemas import GrantBody, Holder

router = APIRouter(prefix="/api/v1/communities/{community}/auditors", tags=["auditors"])


@router.get("", operation_id="list_auditors", response_model=Page[AuditorBody])
def list_auditors(request: Request, context: Context, access: LogReader) -> Response:
    """The auditors of a community, each with the range of what may be seen."""
    return with_etag(request, service.list_auditors(context, access))


@router.put("/{sub}", operation_id="appoint_auditor", response_model=GrantBody)
def appoint_auditor(sub: Holder, body: RangeInput, context: Context, access: Appointer) -> JSONResponse:
    """Appoint an auditor for a range; two persons send the same."""
    return in_one_transaction(
        context,
        lambda connection: service.appoint(roles.Act(connection, context, access, sub, roles.AUDITOR), body),
    )


@router.delete("/{sub}", operation_id="dismiss_auditor", status_code=204)
def dismiss_auditor(sub: Holder, context: Context, access: Dismisser) -> Response:
    """End the appointment of an auditor now."""
    with context.database.write() as connection:
        roles.revoke(roles.Act(connection, context, access, sub, roles.AUDITOR))
    return Response(status_code=204)


@router.get("/{sub}/access-log", operation_id="list_auditor_reads", response_model=Page[ReadBody])
def list_auditor_reads(
    sub: Holder, request: Request, response: Response, context: Context, access: LogReader, pages: Pages
) -> Response:
    """What an auditor looked at, the newest first; every member may see it."""
    return with_etag(request, service.list_reads(context, access, sub, pages, response), headers=response.headers)
