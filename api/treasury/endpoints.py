"""Routes of the Treasury that only read (identity and API specification §5.1)."""

from fastapi import APIRouter, Request, Response

from api.context import Context
from api.etags import with_etag
from api.pages import Page, Pages
from api.treasury import service
from api.treasury.auth import TreasuryReader
from api.treasury.schemas import TreasuryBody, WelcomeBonusBody

router = APIRouter(prefix="/api/v1/communities/{community}", tags=["treasury"])


@router.get("/treasury", operation_id="get_treasury", response_model=TreasuryBody)
def get_treasury(request: Request, context: Context, access: TreasuryReader) -> Response:
    """What the Treasury holds, its budgets and caps, and what of them is spent."""
    return with_etag(request, service.read_treasury(context, access))


@router.get("/welcome-bonuses", operation_id="list_welcome_bonuses")
def list_welcome_bonuses(
    response: Response, context: Context, access: TreasuryReader, paging: Pages
) -> Page[WelcomeBonusBody]:
    """The welcome bonus of every member: none, owed or paid."""
    return service.list_welcome_bonuses(context, access, paging, response)
