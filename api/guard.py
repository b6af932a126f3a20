"""What every request and answer passes: an id, headers of safety, and a body that can be read without harm.

A JSON body has at most 1 MiB and 32 levels, no NaN and no null byte; routes that take files read their own bodies.
"""

import json
import secrets
from collections.abc import Iterable
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import problem_answer
from api.refusals import HttpRefusal, Invalid, Malformed, TooLarge

MAX_JSON_BYTES = 1024 * 1024
MAX_DEPTH = 32
SAFETY = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'"),
    (b"strict-transport-security", b"max-age=31536000"),
    (b"cache-control", b"no-store"),
)


class Guard:
    """The outermost layer of the application."""

    def __init__(self, app: ASGIApp, own_bodies: Iterable[str], own_endings: Iterable[str] = ()) -> None:
        """Beginnings and endings of paths whose routes read and limit their bodies themselves."""
        self._app, self._own_bodies, self._own_endings = app, tuple(own_bodies), tuple(own_endings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = request_id

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name for name, _ in message["headers"]}
                added = [one for one in SAFETY if one[0] not in present]
                own = (
                    (name.lower().encode(), text.encode()) for name, text in scope["state"].get("headers", {}).items()
                )
                message["headers"] = [*message["headers"], *added, *own, (b"x-request-id", request_id.encode())]
            await send(message)

        try:
            _refuse_null_bytes(scope)
            checked = receive if self._is_free(scope) else await _checked(scope, receive)
        except HttpRefusal as refusal:
            await problem_answer(request_id, refusal)(scope, receive, send_safely)
            return
        await self._app(scope, checked, send_safely)

    def _is_free(self, scope: Scope) -> bool:
        is_own = scope["path"].startswith(self._own_bodies) or scope["path"].endswith(self._own_endings)
        return scope["method"] in ("GET", "HEAD", "OPTIONS") or is_own


def _refuse_null_bytes(scope: Scope) -> None:
    """An address with a null byte names nothing, and not every database can be asked for it."""
    if "\0" in scope["path"] or b"%00" in scope["query_string"]:
        raise Invalid("invalid", "the address holds a null byte: leave it out", fields=(("/path", "null_byte"),))


async def _checked(scope: Scope, receive: Receive) -> Receive:
    """Read the body, refuse a harmful one, and give it to the application as it was."""
    stated = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
    size = int(stated) if stated.isdigit() else 0
    body = bytearray()
    more = size <= MAX_JSON_BYTES
    while more and len(body) <= MAX_JSON_BYTES:
        message = await receive()
        if message["type"] != "http.request":
            break
        body += message.get("body", b"")
        more = message.get("more_body", False)
    if size > MAX_JSON_BYTES or len(body) > MAX_JSON_BYTES:
        raise TooLarge("too_large", f"the body has more than {MAX_JSON_BYTES} bytes: send less at a time")
    kind = next((value for name, value in scope["headers"] if name == b"content-type"), b"")
    if body and b"json" in kind:
        _check(bytes(body))
    given = [{"type": "http.request", "body": bytes(body), "more_body": False}]

    async def again() -> Message:
        return given.pop() if given else await receive()

    return again


def _check(body: bytes) -> None:
    try:
        document = json.loads(body, parse_constant=_refuse_constant)
    except RecursionError:
        raise _too_deep() from None
    except ValueError:
        raise Malformed("malformed", "the body is not JSON in UTF-8") from None
    _walk(document)


def _walk(document: Any) -> None:
    waiting = [(document, 1)]
    while waiting:
        value, depth = waiting.pop()
        if depth > MAX_DEPTH:
            raise _too_deep()
        if isinstance(value, str) and "\0" in value:
            raise Invalid("invalid", "a text holds a null byte: leave it out", fields=(("/body", "null_byte"),))
        if isinstance(value, dict):
            waiting += [(one, depth + 1) for one in (*value.keys(), *value.values())]
        elif isinstance(value, list):
            waiting += [(one, depth + 1) for one in value]


def _refuse_constant(name: str) -> Any:
    raise Invalid("invalid", f"{name} is no number of JSON", fields=(("/body", "not_finite"),))


def _too_deep() -> Invalid:
    return Invalid("invalid", f"the body is nested deeper than {MAX_DEPTH} levels", fields=(("/body", "depth"),))
