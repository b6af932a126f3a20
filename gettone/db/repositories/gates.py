"""The quality gate of each settlement period, its report, and the parameters of each community."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, insert, select, update

from gettone.db.tables import Gate, GateRule
from gettone.errors import Conflict
from gettone.metering.gate.decision import CLOSED_STATES, GateState
from gettone.metering.gate.rules import GateRules


@dataclass(frozen=True, slots=True, kw_only=True)
class GateRow:
    """State of §8, the batch that froze the readings, the report with its SHA-256, and who released it and why.

    `decided_by` names one or two operators with a comma between: the second one released.
    """

    community_id: int
    period_index: int
    revision: int
    state: str
    freeze_batch: int | None
    report: str
    report_sha256: bytes
    decided_by: str | None = None
    reason: str | None = None

    @property
    def persons(self) -> tuple[str, ...]:
        """The operators who spoke for a release, in that order."""
        return tuple(self.decided_by.split(",")) if self.decided_by else ()


@dataclass(frozen=True, slots=True)
class RulesInForce:
    """The gate's parameters of a period and when they were registered [unix s]; 0 for the defaults."""

    rules: GateRules
    registered_at_s: int


class Gates:
    """Reads and writes `gates` and `gate_rules`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, community_id: int, period_index: int, revision: int) -> GateRow | None:
        """The gate of a period and revision, or None."""
        query = select(*(getattr(Gate, name) for name in GateRow.__slots__))
        row = self._connection.execute(query.where(*_key(community_id, period_index, revision))).mappings()
        found = row.one_or_none()
        return None if found is None else GateRow(**found)

    def put(self, row: GateRow) -> None:
        """Store a gate, or its next state; Conflict when it is frozen or settled with another report."""
        values = {name: getattr(row, name) for name in GateRow.__slots__}
        stored = self.find(row.community_id, row.period_index, row.revision)
        if stored is None:
            self._connection.execute(insert(Gate).values(**values))
            return
        if stored.state in CLOSED_STATES and stored.report_sha256 != row.report_sha256:
            raise Conflict(
                "gate_frozen", f"the gate of period {row.period_index} is {stored.state} with another report"
            )
        key = _key(row.community_id, row.period_index, row.revision)
        self._connection.execute(update(Gate).where(*key).values(**values))

    def settle(self, community_id: int, period_index: int, revision: int) -> None:
        """Record that a frozen period is on chain."""
        key = _key(community_id, period_index, revision)
        settled = update(Gate).where(*key, Gate.state == GateState.FROZEN.value).values(state=GateState.SETTLED.value)
        self._connection.execute(settled)

    def reopen(self, community_id: int, period_index: int, revision: int) -> None:
        """Take a freeze back, which is allowed before anything is open on chain (§8)."""
        key = _key(community_id, period_index, revision)
        reopened = update(Gate).where(*key, Gate.state == GateState.FROZEN.value)
        self._connection.execute(reopened.values(state=GateState.READY.value, freeze_batch=None))

    def rules_at(self, community_id: int, instant_s: int) -> RulesInForce:
        """The parameters in force at an instant [unix s]: those of the table of §8 where a community set none."""
        query = (
            select(GateRule.rules, GateRule.registered_at_s)
            .where(GateRule.community_id == community_id, GateRule.valid_from_s <= instant_s)
            .order_by(GateRule.valid_from_s.desc())
            .limit(1)
        )
        row = self._connection.execute(query).one_or_none()
        return RulesInForce(GateRules(), 0) if row is None else RulesInForce(GateRules.of_json(row[0]), row[1])

    def set_rules(self, community_id: int, rules: GateRules, *, valid_from_s: int, now_s: int, set_by: str) -> None:
        """State the parameters of the periods that begin from `valid_from_s` on [unix s].

        Conflict when that instant is past: nobody may choose thresholds after having seen the data.
        """
        if valid_from_s < now_s:
            raise Conflict("gate_rules_past", "gate parameters apply from now on at the earliest: give a later start")
        values = {"registered_at_s": now_s, "rules": rules.to_json(), "set_by": set_by}
        key = (GateRule.community_id == community_id, GateRule.valid_from_s == valid_from_s)
        if self._connection.execute(update(GateRule).where(*key).values(**values)).rowcount == 0:
            row = {"community_id": community_id, "valid_from_s": valid_from_s, **values}
            self._connection.execute(insert(GateRule).values(**row))


def _key(community_id: int, period_index: int, revision: int) -> tuple[ColumnElement[bool], ...]:
    return (
        Gate.community_id == community_id,
        Gate.period_index == period_index,
        Gate.revision == revision,
    )
