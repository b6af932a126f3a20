"""Routes of the audit trail (identity and API specification §5.1, §8)."""

from fastapi import APIRouter, Request, Response

from api.audit_trail import service
from api.audit_trail.auth import HeadReader, TrailReader
from api.audit_trail.schemas import DeedBody, HeadBody
from api.context import Context
from api.etags import with_etag
from api.pages import Page, Pages

router = APIRouter(prefix="/api/v1", tags=["audit trail"])


@router.get("/audit-trail", operation_id="list_deeds", response_model=Page[DeedBody])
def list_deeds(request: Request, response: Response, context: Context, access: TrailReader, pages: Pages) -> Response:
    """Deeds of every community that the caller's rights reach, the newest first."""
    return with_etag(request, service.list_deeds(context, access, pages, response), headers=response.headers)


@router.get("/audit-trail/head", operation_id="get_audit_head", response_model=HeadBody)
def get_audit_head(request: Request, context: Context, _access: HeadReader) -> Response:
    """Number and hash of the newest deed."""
    return with_etag(request, service.read_head(context))


@router.get("/communities/{community}/audit-trail", operation_id="list_community_deeds", response_model=Page[DeedBody])
def list_community_deeds(
    request: Request, response: Response, context: Context, access: TrailReader, pages: Pages
) -> Response:
    """Deeds of one community, the newest first; an auditor sees those of the granted range."""
    return with_etag(request, service.list_deeds(context, access, pages, response), headers=response.headers)
