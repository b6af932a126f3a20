"""Routes of proofs (identity and API specification §5.1)."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from api.context import Context
from api.etags import with_etag
from api.pages import Page, Pages
from api.proofs import service
from api.proofs.auth import ProofReader
from api.proofs.schemas import ProofBody

router = APIRouter(prefix="/api/v1/communities/{community}/proofs", tags=["proofs"])


@router.get("", operation_id="list_proofs", response_model=Page[ProofBody])
def list_proofs(request: Request, response: Response, context: Context, access: ProofReader, pages: Pages) -> Response:
    """What the settlements on chain committed to, the newest first."""
    return with_etag(request, service.list_proofs(context, access, pages, response), headers=response.headers)


@router.get("/{number}", operation_id="get_proof", response_model=ProofBody)
def get_proof(
    number: Annotated[int, Path(ge=0, lt=2**31)],
    request: Request,
    context: Context,
    access: ProofReader,
    revision: Annotated[int | None, Query(ge=0, lt=2**31)] = None,
) -> Response:
    """What one settlement committed to, and where it stands on chain."""
    return with_etag(request, service.read_proof(context, access, number, revision))
