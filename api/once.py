"""Requests that change something for good are done once, however often they are sent (`Idempotency-Key`).

The work and its stored answer are one transaction: a repetition finds the answer, or nothing was done.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import Depends, Header, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy import Connection

from api.context import ApiContext, Context
from api.principal import Caller
from api.refusals import Invalid, Malformed, Unauthenticated
from gettone.db.repositories.answers import IdempotentAnswers, StoredAnswer
from gettone.errors import Conflict

KEPT_MS = 48 * 3_600_000
MAX_KEY = 255


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request is answered: a status, a JSON document, and further headers.

    shown_once: fields of the first answer that are not stored, so that a repetition lacks them.
    """

    status: int
    document: Any
    headers: Mapping[str, str] = field(default_factory=dict)
    shown_once: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Once:
    """One `Idempotency-Key` of one caller on one route; `for_ever` on routes that move value."""

    context: ApiContext
    caller: str
    route: str
    key: str
    for_ever: bool

    def run(self, body: BaseModel | None, work: Callable[[Connection], Answer]) -> JSONResponse:
        """Do the work and answer, or answer as before; Invalid for the key of another body, Conflict while it runs."""
        request = hashlib.sha256((body.model_dump_json() if body else "").encode()).digest()
        with self.context.database.write() as connection:
            answers = IdempotentAnswers(connection)
            if not answers.claim(self.caller, self.route, self.key):
                raise Conflict("conflict", "the same request is being worked on: repeat it in a moment")
            stored = answers.find(self.caller, self.route, self.key, self.context.clock())
            if stored is not None:
                return _replay(stored, request)
            answer = work(connection)
            kept_until = None if self.for_ever else self.context.clock() + KEPT_MS
            text = json.dumps(answer.document, separators=(",", ":"))
            row = StoredAnswer(request, answer.status, json.dumps(dict(answer.headers)), text)
            answers.add(self.caller, self.route, self.key, row, kept_until)
        document = {**answer.document, **answer.shown_once} if answer.shown_once else answer.document
        return JSONResponse(document, answer.status, headers=dict(answer.headers))


class OnceFor:
    """The dependency of a route that is done once: `OnceFor(for_ever=True)` where value moves."""

    def __init__(self, *, for_ever: bool = False) -> None:
        self.for_ever = for_ever

    def __call__(
        self,
        request: Request,
        context: Context,
        principal: Caller,
        key: Annotated[str | None, Header(alias="Idempotency-Key", max_length=MAX_KEY)] = None,
    ) -> Once:
        """The key of a request; Malformed without one."""
        if principal is None:
            raise Unauthenticated
        if not key:
            raise Malformed("malformed", "send a fresh `Idempotency-Key`, and the same one when you repeat the request")
        return Once(context, principal.name, f"{request.method} {request.url.path}", key, self.for_ever)


def in_one_transaction(context: ApiContext, work: Callable[[Connection], Answer]) -> JSONResponse:
    """Do work that is a no-op when it is repeated, and answer it."""
    with context.database.write() as connection:
        answer = work(connection)
    return JSONResponse(answer.document, answer.status, headers=dict(answer.headers))


OnceAWhile = Annotated[Once, Depends(OnceFor())]
OnceForEver = Annotated[Once, Depends(OnceFor(for_ever=True))]


def _replay(stored: StoredAnswer, request: bytes) -> JSONResponse:
    if stored.request != request:
        raise Invalid(
            "idempotency_key_reused",
            "this Idempotency-Key came with another body before: take a fresh key",
            fields=(("/header/Idempotency-Key", "idempotency_key_reused"),),
        )
    headers = {**json.loads(stored.headers), "Idempotency-Replayed": "true"}
    return JSONResponse(json.loads(stored.body), stored.status, headers=headers)
