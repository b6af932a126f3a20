"""Route of reconciliations (identity and API specification §5.1, §6)."""

from fastapi import APIRouter, Request, Response

from api.context import Context
from api.etags import with_etag
from api.pages import Page, Pages
from api.reconciliation import service
from api.reconciliation.auth import ReconciliationReader
from api.reconciliation.schemas import ReconciliationBody

router = APIRouter(prefix="/api/v1", tags=["reconciliation"])


@router.get(
    "/communities/{community}/reconciliation",
    operation_id="list_reconciliations",
    response_model=Page[ReconciliationBody],
)
def list_reconciliations(
    request: Request, response: Response, context: Context, access: ReconciliationReader, pages: Pages
) -> Response:
    """Reports of the nightly comparison of chain, index, settlements and outbox, the newest first."""
    page = service.list_reconciliations(context, access, pages, response)
    return with_etag(request, page, headers=response.headers)
