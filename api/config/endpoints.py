"""The route of the public configuration (identity and API specification §5.1)."""

from fastapi import APIRouter, Request, Response

from api.config import service
from api.config.auth import Anybody
from api.config.schemas import ConfigBody
from api.context import Context
from api.etags import with_etag

router = APIRouter(prefix="/api/v1", tags=["config"])


@router.get("/config", operation_id="get_config", response_model=ConfigBody)
def get_config(request: Request, context: Context, _access: Anybody) -> Response:
    """Issuer, clients, chain and contracts."""
    return with_etag(request, service.read_config(context))
