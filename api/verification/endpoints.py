"""Route of the verification (identity and API specification §5.1, §7.2)."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool

from api.context import Context
from api.limits import read_body
from api.refusals import WrongMedia
from api.schemas import Slug
from api.verification import service
from api.verification.auth import Verifier
from api.verification.schemas import VerdictBody

MAX_BUNDLE_BYTES = 64 << 20
MEDIA_TYPES = ("application/zip", "application/octet-stream")

router = APIRouter(prefix="/api/v1", tags=["verification"])

_BUNDLE = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.post("/verify", operation_id="verify_bundle", openapi_extra=_BUNDLE)
async def verify_bundle(
    request: Request,
    context: Context,
    _access: Verifier,
    community: Annotated[Slug | None, Query(description="Whose ledger on this server's chain is asked.")] = None,
) -> VerdictBody:
    """Verify a take-out of at most 64 MiB; with a community the chain of this server is asked, else it is not."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() not in MEDIA_TYPES:
        raise WrongMedia("media_type", "a take-out is sent as application/zip or application/octet-stream")
    content = await read_body(request, MAX_BUNDLE_BYTES)
    return await run_in_threadpool(service.verify, context, content, community)
