"""Long work: only who asked for it may see it."""

import time
from collections.abc import Mapping

from sqlalchemy import Connection

from api.access import Access
from api.context import ApiContext
from api.instants import instant_text
from api.once import Answer
from api.operations import repository
from api.operations.schemas import OperationBody
from api.refusals import NotFound
from gettone.db.repositories.operations import OPEN, OperationRow, Operations

LOOK_AGAIN_S = 0.25
MAX_WAIT_S = 10


def ask(
    connection: Connection,
    context: ApiContext,
    access: Access,
    kind: str,
    document: Mapping[str, object],
    community_id: int | None = None,
) -> Answer:
    """Ask for work in the transaction of a request: 202 with the place where it can be looked at.

    `community_id` is that of the route unless another one is given.
    """
    if community_id is None and access.community is not None:
        community_id = access.community.community_id
    asker = repository.asker_of(access.person)
    operation_id = Operations(connection).add(kind, document, asker, context.clock(), community_id)
    return again(connection, operation_id)


def again(connection: Connection, operation_id: str) -> Answer:
    """The answer to who asks for work that was asked for before."""
    row = Operations(connection).find(operation_id)
    assert row is not None  # noqa: S101 - operations are kept as long as what asked for them
    return Answer(202, body_of(row).model_dump(mode="json"), {"Location": place_of(operation_id)})


def place_of(operation_id: str) -> str:
    """Where an operation can be looked at."""
    return f"/api/v1/operations/{operation_id}"


def find(context: ApiContext, access: Access, operation_id: str, wait_s: int = 0) -> OperationBody:
    """An operation of the caller, when it has ended or after `wait_s`; NotFound for anybody else's."""
    deadline = time.monotonic() + min(wait_s, MAX_WAIT_S)
    while True:
        row = repository.find(context, operation_id)
        if row is None or row.asker != repository.asker_of(access.person):
            raise NotFound("not_found", "there is no such operation of yours")
        if row.state not in OPEN or time.monotonic() >= deadline:
            return body_of(row)
        time.sleep(LOOK_AGAIN_S)


def body_of(row: OperationRow) -> OperationBody:
    """An operation as its owner sees it."""
    return OperationBody(
        id=row.operation_id,
        kind=row.kind,
        state=row.state.value,
        progress_permille=row.progress_permille,
        result=None if row.result is None else dict(row.result),
        created_at=instant_text(row.created_at),
        finished_at=None if row.finished_at is None else instant_text(row.finished_at),
    )


def waits_s(prefer: str | None) -> int:
    """The seconds of `Prefer: wait=10` (RFC 7240), 0 without it."""
    for part in (prefer or "").split(","):
        name, _, value = part.strip().partition("=")
        if name == "wait" and value.isdigit():
            return int(value)
    return 0
