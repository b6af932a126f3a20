"""Strong ETags from the content, so that what did not change is not sent and no change is lost (RFC 9110 §13)."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from fastapi import Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from api.refusals import Changed, StateRequired


def etag_of(document: Any) -> str:
    """The ETag of a JSON document: the same content has the same one, on every server."""
    text = json.dumps(document, sort_keys=True, separators=(",", ":"))
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def with_etag(
    request: Request, body: BaseModel, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """The body with its ETag and further headers, or 304 without it for a reader who has it already."""
    document = body.model_dump(mode="json", by_alias=True)
    etag = etag_of(document)
    if request.method in ("GET", "HEAD") and etag in _listed(request.headers.get("if-none-match", "")):
        return Response(status_code=304, headers={"ETag": etag})
    return JSONResponse(document, status, headers={**(headers or {}), "ETag": etag})


def require_match(request: Request, current: BaseModel) -> None:
    """StateRequired without `If-Match`, Changed when it does not name the state `current`."""
    wanted = request.headers.get("if-match")
    if wanted is None:
        raise StateRequired
    etag = etag_of(current.model_dump(mode="json", by_alias=True))
    if etag not in _listed(wanted) and wanted.strip() != "*":
        raise Changed(etag)


def _listed(header: str) -> list[str]:
    return [one.strip() for one in header.split(",")]
