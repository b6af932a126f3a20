"""Routes of reward models (identity and API specification §5.1)."""

from fastapi import APIRouter, Request, Response

from api.chain_reading import At
from api.context import Context
from api.etags import with_etag
from api.models import service
from api.models.auth import ModelReader
from api.models.schemas import CatalogueBody, ModelsBody

router = APIRouter(prefix="/api/v1", tags=["models"])


@router.get("/models", operation_id="list_model_kinds", response_model=CatalogueBody)
def list_model_kinds(request: Request, _access: ModelReader) -> Response:
    """The kinds of reward models with their parameters and the digest of the vectors that prove their rules."""
    return with_etag(request, service.catalogue())


@router.get("/communities/{community}/models", operation_id="list_models", response_model=ModelsBody)
def list_models(request: Request, context: Context, access: ModelReader, at: At = None) -> Response:
    """The versions of a community on chain: past, in force and scheduled."""
    return with_etag(request, service.models_at(context, access, at))
