"""Routes of take-outs (identity and API specification §5.1)."""

import base64
import hashlib
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from api.context import Context
from api.etags import with_etag
from api.once import OnceAWhile
from api.pages import Page, Pages
from api.takeouts import service
from api.takeouts.auth import TakeoutAsker, TakeoutReader
from api.takeouts.schemas import TakeoutBody, TakeoutInput

router = APIRouter(prefix="/api/v1/communities/{community}/takeouts", tags=["take-outs"])

_ZIP: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}}
}


@router.get("", operation_id="list_takeouts", response_model=Page[TakeoutBody])
def list_takeouts(
    request: Request, response: Response, context: Context, access: TakeoutReader, pages: Pages
) -> Response:
    """The take-outs that the caller asked for, the newest first."""
    return with_etag(request, service.list_takeouts(context, access, pages, response), headers=response.headers)


@router.post("", operation_id="request_takeout", status_code=202, response_model=TakeoutBody)
def request_takeout(body: TakeoutInput, context: Context, access: TakeoutAsker, once: OnceAWhile) -> JSONResponse:
    """Ask for a take-out: the own one, or as an auditor another member's within the granted range."""
    return once.run(body, lambda connection: service.request(connection, context, access, body))


@router.get("/{takeout}", operation_id="get_takeout", response_model=TakeoutBody)
def get_takeout(takeout: str, request: Request, context: Context, access: TakeoutReader) -> Response:
    """How far a take-out is."""
    with context.database.read() as connection:
        return with_etag(request, service.body_of(service.found(connection, access, takeout)))


@router.get("/{takeout}/download", operation_id="download_takeout", response_class=Response, responses=_ZIP)
def download_takeout(takeout: str, context: Context, access: TakeoutAsker) -> Response:
    """The zip of a take-out that is ready."""
    row, content = service.download(context, access, takeout)
    digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
    headers = {
        "Content-Disposition": f'attachment; filename="{row.file_name}"',
        "Content-Digest": f"sha-256=:{digest}:",
    }
    return Response(content, media_type="application/zip", headers=headers)


@router.delete("/{takeout}", operation_id="delete_takeout", status_code=204)
def delete_takeout(takeout: str, context: Context, access: TakeoutReader) -> Response:
    """Destroy the file of a take-out now."""
    service.forget(context, access, takeout)
    return Response(status_code=204)
