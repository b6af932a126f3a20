"""Long work that was asked for: written in the transaction that asks, done by the worker, looked at by its owner."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, insert, or_, select, tuple_, update

from gettone.db.tables import Operation
from gettone.row_ids import fresh_id


class OperationState(StrEnum):
    """Waiting and held ones are taken up again and again; done and failed are the end."""

    WAITING = "waiting"
    RUNNING = "running"
    HELD = "held"
    DONE = "done"
    FAILED = "failed"


OPEN = (OperationState.WAITING, OperationState.RUNNING, OperationState.HELD)


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asked, and may ask how far it is: a person, or a machine client."""

    user_id: str | None = None
    client: str | None = None


@dataclass(frozen=True, slots=True)
class OperationRow:
    """An operation; `document` says what to do, `result` what came of it or `{"code", "detail"}` of a refusal."""

    operation_id: str
    kind: str
    asker: Asker
    community_id: int | None
    state: OperationState
    progress_permille: int
    document: Mapping[str, Any]
    result: Mapping[str, Any] | None
    created_at: int
    finished_at: int | None


class Operations:
    """Reads and writes `operations`; instants in unix ms."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self, kind: str, document: Mapping[str, Any], asker: Asker, now_ms: int, community_id: int | None = None
    ) -> str:
        """Ask for work; its id, `op_` and 26 characters of base 32.  No personal data belongs in `document`."""
        operation_id = fresh_id("op")
        values = {"operation_id": operation_id, "kind": kind, "owner": asker.user_id, "client": asker.client}
        values |= {"document": json.dumps(document, sort_keys=True), "state": OperationState.WAITING.value}
        more = {"community_id": community_id, "progress_permille": 0, "created_at": now_ms}
        self._connection.execute(insert(Operation).values(**values, **more))
        return operation_id

    def find(self, operation_id: str) -> OperationRow | None:
        """An operation, or None."""
        row = self._connection.execute(_OPERATION.where(Operation.operation_id == operation_id)).one_or_none()
        return None if row is None else _operation(row)

    def of_asker(self, asker: Asker, after: tuple[int, str] | None, limit: int) -> list[OperationRow]:
        """The operations of one who asked, the newest first, behind (created_at, id)."""
        query = _OPERATION.where(_asked_by(asker))
        if after is not None:
            query = query.where(tuple_(Operation.created_at, Operation.operation_id) < after)
        newest_first = query.order_by(Operation.created_at.desc(), Operation.operation_id.desc())
        return [_operation(row) for row in self._connection.execute(newest_first.limit(limit))]

    def open_ones(self) -> list[OperationRow]:
        """What is to be done, in the order it was asked for."""
        query = _OPERATION.where(Operation.state.in_([one.value for one in OPEN]))
        in_order = query.order_by(Operation.created_at, Operation.operation_id)
        return [_operation(row) for row in self._connection.execute(in_order)]

    def begin(self, operation_id: str) -> None:
        """It is being worked on."""
        self._set(operation_id, state=OperationState.RUNNING.value)

    def progress(self, operation_id: str, permille: int) -> None:
        """How far it is, in thousandths."""
        self._set(operation_id, progress_permille=permille)

    def wait(self, operation_id: str, reason: Mapping[str, Any] | None = None) -> None:
        """It goes on later: by itself, or with a reason when it waits for a person."""
        state = OperationState.WAITING if reason is None else OperationState.HELD
        self._set(operation_id, state=state.value, result=None if reason is None else json.dumps(reason))

    def finish(self, operation_id: str, result: Mapping[str, Any], now_ms: int) -> None:
        """It is done."""
        self._end(operation_id, OperationState.DONE, result, now_ms)

    def fail(self, operation_id: str, refusal: Mapping[str, Any], now_ms: int) -> None:
        """It ended without being done, for a reason with a code."""
        self._end(operation_id, OperationState.FAILED, refusal, now_ms)

    def _end(self, operation_id: str, state: OperationState, result: Mapping[str, Any], now_ms: int) -> None:
        progress = {"progress_permille": 1000} if state is OperationState.DONE else {}
        text = json.dumps(result, sort_keys=True)
        self._set(operation_id, state=state.value, result=text, finished_at=now_ms, **progress)

    def _set(self, operation_id: str, **values: Any) -> None:
        self._connection.execute(update(Operation).where(Operation.operation_id == operation_id).values(**values))


_OPERATION: Select[*tuple[Any, ...]] = select(*Operation.__table__.columns)


def _asked_by(asker: Asker) -> ColumnElement[bool]:
    mine = [Operation.owner == asker.user_id] if asker.user_id is not None else []
    return or_(*mine, Operation.client == asker.client) if asker.client is not None else or_(*mine)


def _operation(row: Row[Any]) -> OperationRow:
    return OperationRow(
        row.operation_id,
        row.kind,
        Asker(row.owner, row.client),
        row.community_id,
        OperationState(row.state),
        row.progress_permille,
        json.loads(row.document),
        None if row.result is None else json.loads(row.result),
        row.created_at,
        row.finished_at,
    )
