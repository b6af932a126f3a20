"""Routes of the own account (identity and API specification §5.1)."""

from fastapi import APIRouter, Request, Response

from api.context import Context
from api.etags import with_etag
from api.me import service
from api.me.auth import Myself
from api.me.schemas import MeBody

router = APIRouter(prefix="/api/v1", tags=["me"])


@router.get("/me", operation_id="get_me", response_model=MeBody)
def get_me(request: Request, context: Context, access: Myself) -> Response:
    """The caller with roles and communities; the first call makes the account."""
    return with_etag(request, service.read_me(context, access))
