"""Asking the gate of a period, and releasing one that stayed incomplete: one person proposes, another agrees (§8)."""

from dataclasses import dataclass, replace

from gettone.db.repositories.gates import GateRow, Gates
from gettone.errors import Conflict, InputError
from gettone.metering.gate.decision import CLOSED_STATES, GateState
from gettone.metering.gate.report import GateReport
from gettone.metering.operators import parse_operator, second_word
from oracle.settle.context import PeriodContext, PeriodKey
from oracle.settle.examination import examine_period
from oracle.settle.gate import store_gate
from oracle.settle.periods import find_period


@dataclass(frozen=True, slots=True)
class GateAnswer:
    """The gate as stored now; `report` is None for a period that is frozen or settled already."""

    key: PeriodKey
    row: GateRow
    report: GateReport | None


def ask_gate(context: PeriodContext, community: str, period: str) -> GateAnswer:
    """Examine the gate of `period` (as people write it) now and store its state; a frozen one stays as it is."""
    key = find_period(context.database, context.contracts, community, period)
    with context.database.write() as connection:
        gates = Gates(connection)
        place = (key.community.community_id, key.period_index, key.revision)
        stored = gates.find(*place)
        if stored is not None and stored.state in CLOSED_STATES:
            return GateAnswer(key, stored, None)
        report = examine_period(context, connection, key).report
        store_gate(connection, key, report)
        row = gates.find(*place)
    assert row is not None  # noqa: S101 - stored just above
    return GateAnswer(key, row, report)


def release_gate(
    context: PeriodContext, community: str, period: str, *, operator: str, reason: str, alone: bool = False
) -> GateRow:
    """Speak for the release of an incomplete period; it is released when a second person does the same.

    The reason is that of the first person.  Repeating a release that is complete changes nothing.  Conflict
    `gate_state` for a period that is not incomplete, Refused `two_persons` when the same person speaks twice, which
    only the one administrator of a community may (`alone`).
    """
    person = parse_operator(operator)
    answer = ask_gate(context, community, period)
    row = answer.row
    if row.state != GateState.INCOMPLETE:
        raise Conflict("gate_state", f"period {period} is {row.state}: only an incomplete one can be released")
    if len(row.persons) == 2:
        return row
    if not row.persons and not reason.strip():
        raise InputError("reason_missing", "a release needs a reason: say why the period goes on without the data")
    person = second_word(row.persons, person, alone=alone)
    stated = replace(row, decided_by=",".join([*row.persons, person]), reason=row.reason or reason.strip())
    with context.database.write() as connection:
        Gates(connection).put(stated)
    return stated
