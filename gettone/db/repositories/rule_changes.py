"""Changes of rules: drafted, submitted, decided, scheduled; each step only from the state it follows."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, insert, select, tuple_, update

from gettone.db.tables import RuleChange
from gettone.errors import Conflict
from gettone.row_ids import fresh_id
from gettone.rule_changes import ChangeKind


class ChangeState(StrEnum):
    """draft → submitted → approved → scheduled, or rejected, withdrawn, failed."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A change of rules; instants in unix ms, its start in unix seconds."""

    change_id: str
    community_id: int
    kind: ChangeKind
    parameters: Mapping[str, Any]
    valid_from_s: int
    state: ChangeState
    digest: bytes | None
    created_at: int
    proposed_by: str
    proposed_at: int
    decided_by: str | None
    decided_at: int | None
    reason: str | None
    preview: Mapping[str, Any] | None
    operation_id: str | None
    tx_hash: bytes | None


@dataclass(frozen=True, slots=True)
class Draft:
    """What a change states."""

    kind: ChangeKind
    parameters: Mapping[str, Any]
    valid_from_s: int


class RuleChanges:
    """Reads and writes `rule_changes` of one community."""

    def __init__(self, connection: Connection, community_id: int) -> None:
        self._connection, self._community_id = connection, community_id

    def find(self, change_id: str) -> ChangeRow | None:
        """A change of the community, or None."""
        query = _CHANGE.where(RuleChange.change_id == change_id, RuleChange.community_id == self._community_id)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else _change(row)

    def newest(self, before: tuple[int, str] | None, limit: int) -> list[ChangeRow]:
        """Changes by the time of their draft, the newest first, older than (created_at, id)."""
        query = _CHANGE.where(RuleChange.community_id == self._community_id)
        if before is not None:
            query = query.where(tuple_(RuleChange.created_at, RuleChange.change_id) < before)
        newest_first = query.order_by(RuleChange.created_at.desc(), RuleChange.change_id.desc())
        return [_change(row) for row in self._connection.execute(newest_first.limit(limit))]

    def add(self, draft: Draft, person: str, now_ms: int) -> str:
        """Keep a draft; its id."""
        change_id = fresh_id("chg")
        values = {"change_id": change_id, "community_id": self._community_id, "state": ChangeState.DRAFT.value}
        values |= {"created_at": now_ms, "proposed_by": person, "proposed_at": now_ms}
        self._connection.execute(insert(RuleChange).values(**values, **_values(draft)))
        return change_id

    def replace(self, change_id: str, draft: Draft, person: str, now_ms: int) -> None:
        """Write a draft anew; a preview of the old one goes."""
        values = {**_values(draft), "proposed_by": person, "proposed_at": now_ms, "preview": None}
        self._move(change_id, (ChangeState.DRAFT,), **values)

    def remove(self, change_id: str) -> None:
        """Delete a draft."""
        mine = RuleChange.change_id == change_id, RuleChange.state == ChangeState.DRAFT.value
        self._connection.execute(delete(RuleChange).where(*mine))

    def submit(self, change_id: str, digest: bytes, person: str, now_ms: int) -> None:
        """Fix a draft and give it to the second person."""
        values = {"digest": digest, "proposed_by": person, "proposed_at": now_ms}
        self._move(change_id, (ChangeState.DRAFT,), state=ChangeState.SUBMITTED.value, **values)

    def decide(self, change_id: str, state: ChangeState, person: str, now_ms: int, reason: str | None = None) -> None:
        """Approve, reject or withdraw."""
        follows = (ChangeState.SUBMITTED, *((ChangeState.DRAFT,) if state is ChangeState.WITHDRAWN else ()))
        values = {"decided_by": person, "decided_at": now_ms, "reason": reason}
        self._move(change_id, follows, state=state.value, **values)

    def note_operation(self, change_id: str, operation_id: str) -> None:
        """Keep which operation brings an approved change into force."""
        self._move(change_id, (ChangeState.APPROVED,), operation_id=operation_id)

    def schedule(self, change_id: str, tx_hash: bytes | None) -> None:
        """It is on chain, or for settings in the table of the gate, and applies from its start on."""
        follows = (ChangeState.APPROVED, ChangeState.SCHEDULED)
        self._move(change_id, follows, state=ChangeState.SCHEDULED.value, tx_hash=tx_hash)

    def fail(self, change_id: str, reason: str) -> None:
        """The chain refused it."""
        self._move(change_id, (ChangeState.APPROVED,), state=ChangeState.FAILED.value, reason=reason)

    def keep_preview(self, change_id: str, preview: Mapping[str, Any]) -> None:
        """Keep the last preview of a change."""
        mine = RuleChange.change_id == change_id, RuleChange.community_id == self._community_id
        self._connection.execute(update(RuleChange).where(*mine).values(preview=json.dumps(preview)))

    def _move(self, change_id: str, follows: tuple[ChangeState, ...], **values: Any) -> None:
        mine = (RuleChange.change_id == change_id, RuleChange.community_id == self._community_id)
        states = RuleChange.state.in_([one.value for one in follows])
        if self._connection.execute(update(RuleChange).where(*mine, states).values(**values)).rowcount != 1:
            raise Conflict("state", f"the change is not {' or '.join(follows)} any more: look at it again")


_CHANGE: Select[*tuple[Any, ...]] = select(*(getattr(RuleChange, name) for name in ChangeRow.__slots__))


def _values(draft: Draft) -> dict[str, Any]:
    return {
        "kind": draft.kind.value,
        "parameters": json.dumps(draft.parameters, sort_keys=True),
        "valid_from_s": draft.valid_from_s,
    }


def _change(row: Row[Any]) -> ChangeRow:
    values = dict(row._mapping)
    values |= {"kind": ChangeKind(row.kind), "state": ChangeState(row.state), "parameters": json.loads(row.parameters)}
    values |= {name: None if values[name] is None else bytes(values[name]) for name in ("digest", "tx_hash")}
    return ChangeRow(**values | {"preview": None if row.preview is None else json.loads(row.preview)})
