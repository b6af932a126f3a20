"""Every error is `application/problem+json` (RFC 9457), whoever raised it."""

import logging
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from api.refusals import HttpRefusal, status_of
from gettone.errors import GettoneError

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:gettone:problem:"
LOGGER = logging.getLogger("gettone.api")

# What the framework refuses by itself, in codes of ours.
_CODES = {400: "malformed", 404: "not_found", 405: "method_not_allowed", 413: "too_large", 415: "media_type"}


def install_problems(app: FastAPI) -> None:
    """Answer every error of an application as a problem, each with the id of its request."""
    app.add_exception_handler(GettoneError, _on_refusal)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_framework)
    app.add_exception_handler(Exception, _on_defect)


async def _on_refusal(request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, GettoneError)  # noqa: S101 - registered for this class
    status = status_of(refusal)
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        LOGGER.error("request %s failed: %s", _request_id(request), refusal.code)
    fields = refusal.fields if isinstance(refusal, HttpRefusal) else ()
    headers = refusal.headers if isinstance(refusal, HttpRefusal) else {}
    return _problem(request, status, refusal.code, refusal.message, fields, headers)


async def _on_invalid(request: Request, failure: Exception) -> Response:
    assert isinstance(failure, RequestValidationError)  # noqa: S101 - registered for this class
    fields = tuple((pointer_of(one["loc"]), str(one["type"])) for one in failure.errors())
    detail = "; ".join(f"{pointer_of(one['loc'])}: {one['msg']}" for one in failure.errors())
    return _problem(request, 422, "invalid", f"wrong fields: {detail}", fields)


async def _on_framework(request: Request, failure: Exception) -> Response:
    assert isinstance(failure, HTTPException)  # noqa: S101 - registered for this class
    code = _CODES.get(failure.status_code, "malformed")
    return _problem(request, failure.status_code, code, str(failure.detail), headers=dict(failure.headers or {}))


async def _on_defect(request: Request, _failure: Exception) -> Response:
    # The server logs the trace itself; the caller learns nothing about the inside.
    return _problem(request, 500, "internal", "this is a defect of the server; report it with the id of the request")


def pointer_of(location: tuple[Any, ...]) -> str:
    """A place in a request as a JSON pointer: ("body", "values", 3) is /body/values/3."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in location)


def _problem(
    request: Request,
    status: int,
    code: str,
    detail: str,
    fields: tuple[tuple[str, str], ...] = (),
    headers: dict[str, str] | None = None,
) -> Response:
    return _answer(_request_id(request), status, code, detail, fields, headers)


def _answer(
    request_id: str,
    status: int,
    code: str,
    detail: str,
    fields: tuple[tuple[str, str], ...] = (),
    headers: dict[str, str] | None = None,
) -> Response:
    document = {
        "type": TYPE_PREFIX + code,
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        "request_id": request_id,
        "errors": [{"pointer": pointer, "code": one} for pointer, one in fields],
    }
    return JSONResponse(document, status, headers=headers, media_type=MEDIA_TYPE)


def problem_answer(request_id: str, refusal: HttpRefusal) -> Response:
    """The problem of a refusal that was raised before the application saw the request."""
    return _answer(request_id, refusal.http_status, refusal.code, refusal.message, refusal.fields, refusal.headers)


def _request_id(request: Request) -> str:
    return str(getattr(request.state, "request_id", ""))
