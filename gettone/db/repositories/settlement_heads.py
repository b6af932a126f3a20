"""Every settlement of a community with its state, also one without a calculation: held, failed, or from the chain."""

import time
from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, insert, select, update
from sqlalchemy.exc import IntegrityError

from gettone.db.columns import Base
from gettone.db.repositories.settlement_states import Origin, SettlementState
from gettone.db.tables import Settlement
from gettone.errors import Conflict

_SETTLEMENTS: Table = Base.metadata.tables[Settlement.__tablename__]
_KEY = ("community_id", "period_index", "revision")
NO_CALCULATION: dict[str, Any] = {
    "freeze_batch": 0,
    "model_version": 0,
    "model_json": "null",
    "carry_in_units": 0,
    "carried_over_units": 0,
    "entitlement_units": 0,
    "total_units": 0,
    "allocations_json": "[]",
    "slot_totals_json": "[]",
    "community_json": "{}",
    "result_digest": "",
    "gate_report_json": "null",
    "gate_report_sha256": b"",
}
"""What stands in a row that only a calculation fills."""


class PeriodBounds(NamedTuple):
    """Which revision of which period [unix s] of a community."""

    community_id: int
    period_index: int
    revision: int
    period_start_s: int
    period_end_s: int
    timezone: str


class SettlementHead(NamedTuple):
    """A settlement as far as it is known; `computed_at` is in unix ms, `opened_block` None before the opening."""

    settlement_id: int
    bounds: PeriodBounds
    state: SettlementState
    origin: Origin
    reason: str | None
    resume_state: SettlementState | None
    has_calculation: bool
    model_version: int
    total_units: int
    proposal_json: str | None
    proposal_hash: bytes | None
    opened_block: int | None
    computed_at: int


class SettlementHeads:
    """Reads all rows of `settlements`, and writes the states that need no calculation."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_community(self, community_id: int) -> tuple[SettlementHead, ...]:
        """All settlements of a community, by period and revision."""
        columns = _SETTLEMENTS.c
        query = select(_SETTLEMENTS).where(columns.community_id == community_id)
        rows = self._connection.execute(query.order_by(columns.period_index, columns.revision)).mappings()
        return tuple(_head(row) for row in rows)

    def find(self, community_id: int, period_index: int, revision: int) -> SettlementHead | None:
        """One settlement, or None."""
        return next(
            (
                one
                for one in self.of_community(community_id)
                if (one.bounds.period_index, one.bounds.revision) == (period_index, revision)
            ),
            None,
        )

    def begin(self, values: Mapping[str, Any]) -> int:
        """Store a calculation's values as a new settlement, or in the row that was held; returns its id.

        Conflict `settlement_exists` when the period and revision are computed already.
        """
        stated = {**values, "state": SettlementState.COMPUTING.value, "reason": None}
        key = [_SETTLEMENTS.c[name] == values[name] for name in _KEY]
        held = update(_SETTLEMENTS).where(*key, _SETTLEMENTS.c.state == SettlementState.HELD.value)
        taken = self._connection.execute(held.values(**stated).returning(_SETTLEMENTS.c.settlement_id))
        found = taken.scalar_one_or_none()
        return self._new(stated) if found is None else int(found)

    def hold(self, bounds: PeriodBounds, reason: str) -> None:
        """Store that a period waits for its gate, with the reason in a sentence; one that is further stays."""
        key = [_SETTLEMENTS.c[name] == getattr(bounds, name) for name in _KEY]
        held = (*key, _SETTLEMENTS.c.state == SettlementState.HELD.value)
        if self._connection.execute(update(_SETTLEMENTS).where(*held).values(reason=reason)).rowcount:
            return
        if self.find(bounds.community_id, bounds.period_index, bounds.revision) is None:
            values = NO_CALCULATION | bounds._asdict() | {"computed_at": time.time_ns() // 1_000_000}
            state = {"state": SettlementState.HELD.value, "reason": reason}
            self._connection.execute(insert(_SETTLEMENTS).values(**values, **state))

    def mark_attested(self, settlement_id: int) -> None:
        """State that another operator proposed a settlement: its sources and ingest log are that operator's."""
        chosen = update(_SETTLEMENTS).where(_SETTLEMENTS.c.settlement_id == settlement_id)
        self._connection.execute(chosen.values(origin=Origin.ATTESTED.value))

    def take_signatures_back(self, settlement_id: int) -> None:
        """Let signatures be collected again; attested → proposed, and one that is further meanwhile stays."""
        key = (
            _SETTLEMENTS.c.settlement_id == settlement_id,
            _SETTLEMENTS.c.state == SettlementState.ATTESTED.value,
        )
        values = {"state": SettlementState.PROPOSED.value, "signatures_json": None}
        self._connection.execute(update(_SETTLEMENTS).where(*key).values(**values))

    def fail(self, settlement_id: int, state: SettlementState, reason: str) -> None:
        """Store that a settlement failed in `state`, where it goes on; one that is further meanwhile stays."""
        key = (_SETTLEMENTS.c.settlement_id == settlement_id, _SETTLEMENTS.c.state == state.value)
        values = {"state": SettlementState.FAILED.value, "resume_state": state.value, "reason": reason}
        self._connection.execute(update(_SETTLEMENTS).where(*key).values(**values))

    def take_up(self, settlement_id: int, resume_state: SettlementState) -> None:
        """Take a failed settlement up again where it failed; Conflict `settlement_state` when it is not failed."""
        key = (
            _SETTLEMENTS.c.settlement_id == settlement_id,
            _SETTLEMENTS.c.state == SettlementState.FAILED.value,
            _SETTLEMENTS.c.resume_state == resume_state.value,
        )
        values = {"state": resume_state.value, "resume_state": None, "reason": None}
        if self._connection.execute(update(_SETTLEMENTS).where(*key).values(**values)).rowcount != 1:
            raise Conflict("settlement_state", f"settlement {settlement_id} is not failed any more: run it again")

    def _new(self, values: Mapping[str, Any]) -> int:
        new = insert(_SETTLEMENTS).returning(_SETTLEMENTS.c.settlement_id)
        try:
            with self._connection.begin_nested():
                return int(self._connection.execute(new.values(**values)).scalar_one())
        except IntegrityError:
            raise Conflict(
                "settlement_exists",
                f"settlement {values['period_index']} revision {values['revision']} is stored already",
            ) from None


def _head(row: Any) -> SettlementHead:
    return SettlementHead(
        settlement_id=row["settlement_id"],
        bounds=PeriodBounds(*(row[name] for name in PeriodBounds._fields)),
        state=SettlementState(row["state"]),
        origin=Origin(row["origin"]),
        reason=row["reason"],
        resume_state=None if row["resume_state"] is None else SettlementState(row["resume_state"]),
        has_calculation=row["result_digest"] != "",
        model_version=row["model_version"],
        total_units=row["total_units"],
        proposal_json=row["proposal_json"],
        proposal_hash=None if row["proposal_hash"] is None else bytes(row["proposal_hash"]),
        opened_block=row["opened_block"],
        computed_at=row["computed_at"],
    )
