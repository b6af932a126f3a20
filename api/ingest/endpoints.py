"""The ingest routes (metering specification §3.2)."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from api.context import Context
from api.ingest import service
from api.ingest.auth import Importer, Writer
from api.ingest.schemas import AcceptedBody, ReadingsBody
from api.limits import read_body, save_body
from api.refusals import WrongMedia

MAX_REQUEST_BYTES = 1024 * 1024
MAX_FILE_BYTES = 200 * 1024 * 1024

router = APIRouter(prefix="/api/v1", tags=["ingest"])

_READINGS = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": ReadingsBody.model_json_schema(by_alias=True)}},
    }
}
_FILE = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.post(
    "/ingest/readings",
    status_code=202,
    response_model=AcceptedBody,
    operation_id="ingest_readings",
    openapi_extra=_READINGS,
)
async def ingest_readings(request: Request, context: Context, access: Writer) -> Response:
    """Take readings of the key's device as one batch; it is received for good when this answers."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise WrongMedia("media_type", "readings are sent as application/json")
    await run_in_threadpool(service.refuse_when_busy, context)
    body = await read_body(request, MAX_REQUEST_BYTES)
    return _accepted(await run_in_threadpool(service.take_readings, context, access, body))


@router.post(
    "/ingest/files", status_code=202, response_model=AcceptedBody, operation_id="ingest_files", openapi_extra=_FILE
)
async def ingest_files(
    request: Request,
    context: Context,
    access: Importer,
    flow: Annotated[str, Query(max_length=64)],
    dry_run: bool = False,
) -> Response:
    """Take a file of a flow as one batch, or with `dry_run` judge it and store nothing."""
    await run_in_threadpool(service.refuse_when_busy, context)
    with _waiting_place(context.folder) as path:
        await save_body(request, path, MAX_FILE_BYTES)
        if dry_run:
            return JSONResponse(await run_in_threadpool(service.try_file, context, access, flow, path))
        return _accepted(await run_in_threadpool(service.take_file, context, access, flow, path))


def _accepted(body: AcceptedBody) -> Response:
    document: dict[str, Any] = body.model_dump()
    return JSONResponse(document, 202, headers={"Location": f"/api/v1/batches/{body.batch_id}"})


@contextmanager
def _waiting_place(folder: Path) -> Iterator[Path]:
    """A file of its own for an upload, gone at the end of the block: what was taken is in the lake."""
    with tempfile.TemporaryDirectory(prefix="upload-", dir=folder) as place:
        yield Path(place) / "payload"
