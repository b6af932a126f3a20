"""Routes of the sharing (identity and API specification §5.1)."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from api.context import Context
from api.etags import with_etag
from api.gse_shares import service
from api.gse_shares.auth import FreshSharer, Sharer
from api.gse_shares.schemas import ShareBody, ShareInput
from api.once import OnceForEver
from api.pages import Page

router = APIRouter(prefix="/api/v1/communities/{community}/gse-shares", tags=["gse shares"])


@router.get("", operation_id="list_gse_shares", response_model=Page[ShareBody])
def list_gse_shares(request: Request, context: Context, access: Sharer) -> Response:
    """The statements of a community, the newest first."""
    return with_etag(request, service.list_shares(context, access))


@router.post("", operation_id="share_gse_bonus", status_code=201, response_model=ShareBody)
def share_gse_bonus(body: ShareInput, context: Context, access: FreshSharer, once: OnceForEver) -> JSONResponse:
    """Share the bonus of one period, to the cent; a period is shared once."""
    return once.run(body, lambda connection: service.share(connection, context, access, body))


@router.get("/{share}", operation_id="get_gse_share", response_model=ShareBody)
def get_gse_share(share: str, request: Request, context: Context, access: Sharer) -> Response:
    """One statement."""
    return with_etag(request, service.read_share(context, access, share))
