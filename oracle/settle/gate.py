"""The quality gate of one period: facts from the tables, the decision of the rules, and its row in `gates` (§8)."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from gettone.chain.reward_models import ModelVersion
from gettone.db.columns import SLOT_S
from gettone.db.repositories.devices import HolderRow
from gettone.db.repositories.gate_facts import GateTables
from gettone.db.repositories.gates import GateRow, Gates, RulesInForce
from gettone.db.repositories.readings import Readings
from gettone.errors import Held
from gettone.metering.gate.decision import CLOSED_STATES, GateFacts, GateState
from gettone.metering.gate.report import GateReport, examine
from gettone.metering.gate.words import all_in_words, state_in_words
from gettone.types import Direction
from oracle.settle.context import PeriodKey
from oracle.settle.documents import digest_of, to_text
from oracle.settle.member_series import coverage, plant_coverage
from oracle.settle.period_inputs import PeriodInputs
from oracle.settle.registers import Holding

_CODES = {
    GateState.BLOCKED: "gate_blocked",
    GateState.COLLECTING: "readings_incomplete",
    GateState.INCOMPLETE: "gate_not_released",
}


class GateHeld(Held):
    """A period that may not be settled now; the report says what is waited for."""

    def __init__(self, report: GateReport) -> None:
        """Say it in one sentence, with the remedy."""
        self.report = report
        waiting = all_in_words(report.decision.findings)
        remedy = _remedy(report)
        super().__init__(_CODES[report.state], f"{state_in_words(report.state)}: {waiting}; {remedy}")


@dataclass(frozen=True, slots=True)
class GateQuestion:
    """Which period is asked about: its key, the model on chain, the parameters, and the time [unix s]."""

    key: PeriodKey
    version: ModelVersion
    in_force: RulesInForce
    now_s: int


def examine_gate(connection: Connection, question: GateQuestion, inputs: PeriodInputs, freeze_batch: int) -> GateReport:
    """The decision about a period on the readings as of `freeze_batch`; stores nothing."""
    key, period = question.key, question.key.period
    slots = (period.start_s // SLOT_S, period.end_s // SLOT_S)
    tables = GateTables(connection, key.community.community_id, *slots)
    channels = sorted({one.channel_id for holding in inputs.holdings for one in holding.channels})
    plants = plant_coverage(inputs.parts)
    held = tables.holders(sorted({one.device_id for one in inputs.holdings}))
    stored = Gates(connection).find(key.community.community_id, key.period_index, key.revision)
    facts = GateFacts(
        period_start_s=period.start_s,
        period_end_s=period.end_s,
        now_s=question.now_s,
        rules_at_s=max(question.version.scheduled_at_s, question.in_force.registered_at_s),
        members=coverage([one.member_id for one in inputs.roster if not one.is_erased], inputs.parts),
        plants=plants,
        quarantined_slots=Readings(connection).quarantined(channels, *slots, freeze_batch),
        batches_waiting=tables.batches_waiting(),
        devices_without_holder=tables.devices_without_holder(),
        devices_in_two_communities=in_two_communities(held),
        devices_with_overlapping_directions=overlapping_directions(inputs.holdings),
        plant_sum_channels=tables.open_sums([int(one.owner) for one in plants]),
        clock_flows=tables.open_clocks(channels),
        released_by=stored.persons if stored is not None else (),
        release_reason=(stored.reason or "") if stored is not None else "",
    )
    return examine(facts, question.in_force.rules)


def store_gate(connection: Connection, key: PeriodKey, report: GateReport, freeze_batch: int | None = None) -> None:
    """Store the state of a gate, `frozen` where a batch freezes the readings; who released it stays."""
    gates, text = Gates(connection), to_text(report.to_document())
    stored = gates.find(key.community.community_id, key.period_index, key.revision)
    if freeze_batch is None and stored is not None and stored.state in CLOSED_STATES:
        return
    gates.put(
        GateRow(
            community_id=key.community.community_id,
            period_index=key.period_index,
            revision=key.revision,
            state=(report.state if freeze_batch is None else GateState.FROZEN).value,
            freeze_batch=freeze_batch,
            report=text,
            report_sha256=digest_of(text),
            decided_by=None if stored is None else stored.decided_by,
            reason=None if stored is None else stored.reason,
        )
    )


def in_two_communities(held: Iterable[tuple[HolderRow, int]]) -> tuple[int, ...]:
    """Devices that count in two communities in the same slot; `held` names each holder's community."""
    rows = list(held)
    return tuple(
        sorted(
            {
                one.device_id
                for one, community in rows
                for other, elsewhere in rows
                if one.device_id == other.device_id and community != elsewhere and _overlap(one, other)
            }
        )
    )


def overlapping_directions(holdings: Iterable[Holding]) -> tuple[int, ...]:
    """Devices with a net register beside a separate one: their energy would count twice."""
    separate = {Direction.WITHDRAWAL, Direction.INJECTION}
    directions: dict[int, set[Direction]] = {}
    for holding in holdings:
        directions.setdefault(holding.device_id, set()).update(one.direction for one in holding.channels)
    return tuple(sorted(one for one, found in directions.items() if Direction.EXCHANGE in found and found & separate))


def _overlap(one: HolderRow, other: HolderRow) -> bool:
    starts_inside = one.to_slot is None or other.from_slot < one.to_slot
    return starts_inside and (other.to_slot is None or one.from_slot < other.to_slot)


def _remedy(report: GateReport) -> str:
    if report.state is GateState.BLOCKED:
        return "see `gettone settle gate`"
    if report.state is GateState.INCOMPLETE:
        return "two persons release it with `gettone settle release`"
    if not report.facts.valid_slots:
        return "the period has no readings: import them with `gettone readings import`"
    return f"import what is missing, or settle after the deadline of {report.rules.deadline_days} days"
