"""The quality gate before a settlement, as pure rules: what blocks, what is waited for, which state follows (§8)."""

from dataclasses import dataclass
from enum import StrEnum

from gettone.metering.gate.rules import GateRules


class GateState(StrEnum):
    """How far a period is on its way to a settlement."""

    OPEN = "open"
    COLLECTING = "collecting"
    READY = "ready"
    INCOMPLETE = "incomplete"
    FROZEN = "frozen"
    SETTLED = "settled"
    BLOCKED = "blocked"


CLOSED_STATES = (GateState.FROZEN, GateState.SETTLED)
"""The readings of such a period are fixed: what still arrives is late (rule V20)."""


class Condition(StrEnum):
    """What keeps a period from being settled: the first eight block, the others are waited for."""

    BATCHES_WAITING = "batches_waiting"
    DEVICE_WITHOUT_HOLDER = "device_without_holder"
    DEVICE_IN_TWO_COMMUNITIES = "device_in_two_communities"
    DIRECTIONS_OVERLAP = "directions_overlap"
    QUARANTINE = "quarantine"
    PLANT_SUM = "plant_sum"
    CLOCK = "clock"
    RULES_LATE = "rules_late"
    COMMUNITY = "community"
    MEMBERS = "members"
    PLANT = "plant"
    GRACE = "grace"


@dataclass(frozen=True, slots=True)
class Coverage:
    """Slots of one member or channel: expected inside membership and period, and valid (measured, rank enough)."""

    owner: str
    expected_slots: int
    valid_slots: int

    @property
    def permille(self) -> int:
        """Completeness, rounded down; an empty expectation is complete."""
        return permille(self.valid_slots, self.expected_slots)


@dataclass(frozen=True, slots=True, kw_only=True)
class GateFacts:
    """What is known of a period, in unix seconds, slots and ids; what blocks names the ids it is about.

    members: by member, in bytewise order.  plants: each production or injection channel.  quarantined_slots: slots
    with a value that waits for a person.  rules_at_s: when the later one of model and parameters was registered.
    released_by: the two persons who released an incomplete period, with `release_reason`.
    """

    period_start_s: int
    period_end_s: int
    now_s: int
    rules_at_s: int
    members: tuple[Coverage, ...] = ()
    plants: tuple[Coverage, ...] = ()
    quarantined_slots: int = 0
    batches_waiting: tuple[int, ...] = ()
    devices_without_holder: tuple[int, ...] = ()
    devices_in_two_communities: tuple[int, ...] = ()
    devices_with_overlapping_directions: tuple[int, ...] = ()
    plant_sum_channels: tuple[int, ...] = ()
    clock_flows: tuple[int, ...] = ()
    released_by: tuple[str, ...] = ()
    release_reason: str = ""

    @property
    def expected_slots(self) -> int:
        """Slots expected of all members."""
        return sum(one.expected_slots for one in self.members)

    @property
    def valid_slots(self) -> int:
        """Valid slots of all members."""
        return sum(one.valid_slots for one in self.members)


@dataclass(frozen=True, slots=True)
class Finding:
    """One condition that is not met: what was found, what is asked, and the ids it concerns."""

    condition: Condition
    found: int
    limit: int
    which: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """The state that follows from the facts, and every condition that is not met."""

    state: GateState
    findings: tuple[Finding, ...]
    community_permille: int
    complete_members_permille: int

    def passes(self, facts: GateFacts, rules: GateRules) -> bool:
        """Whether the period may be frozen now: ready, or incomplete and released."""
        if self.state is GateState.INCOMPLETE:
            return rules.auto_release or len(set(facts.released_by)) == 2
        return self.state is GateState.READY


def decide(facts: GateFacts, rules: GateRules) -> Decision:
    """The state of a period that is not frozen yet.

    What blocks comes before what is waited for.  At the deadline missing data, and quarantine nobody decided on,
    count as missing: a reading that is not there never blocks for ever.  A period of which no slot is expected is
    ready at once, for an empty settlement.
    """
    late = facts.now_s >= facts.period_end_s + rules.deadline_s
    blocking = _blocking(facts, rules, late=late)
    missed = _missed(facts, rules)
    state = GateState.READY
    waiting: list[Finding] = []
    if facts.now_s < facts.period_end_s:
        state, waiting = GateState.OPEN, [*blocking, *missed]
    elif blocking:
        state, waiting = GateState.BLOCKED, [*blocking, *missed]
    elif missed and late:
        state, waiting = GateState.INCOMPLETE, missed
    elif facts.expected_slots and (missed or (grace := _grace(facts, rules))):
        state, waiting = GateState.COLLECTING, missed or grace
    return Decision(state, tuple(waiting), community_permille(facts), complete_members_permille(facts, rules))


def community_permille(facts: GateFacts) -> int:
    """Completeness of the community over all its expected slots."""
    return permille(facts.valid_slots, facts.expected_slots)


def complete_members_permille(facts: GateFacts, rules: GateRules) -> int:
    """Share of the members that are complete."""
    complete = sum(one.permille >= rules.member_permille for one in facts.members)
    return permille(complete, len(facts.members))


def permille(part: int, whole: int) -> int:
    """`floor(1000 * part / whole)`; nothing of nothing is complete."""
    return 1000 * part // whole if whole else 1000


def _blocking(facts: GateFacts, rules: GateRules, *, late: bool) -> list[Finding]:
    named = (
        (Condition.BATCHES_WAITING, facts.batches_waiting),
        (Condition.DEVICE_WITHOUT_HOLDER, facts.devices_without_holder),
        (Condition.DEVICE_IN_TWO_COMMUNITIES, facts.devices_in_two_communities),
        (Condition.DIRECTIONS_OVERLAP, facts.devices_with_overlapping_directions),
        (Condition.PLANT_SUM, facts.plant_sum_channels),
        (Condition.CLOCK, facts.clock_flows),
    )
    findings = [Finding(one, len(ids), 0, tuple(str(each) for each in ids)) for one, ids in named if ids]
    most = rules.quarantine_permille * facts.expected_slots // 1000
    if facts.quarantined_slots > most and facts.expected_slots and not late:
        findings.append(Finding(Condition.QUARANTINE, facts.quarantined_slots, most))
    if facts.rules_at_s > facts.period_start_s:
        findings.append(Finding(Condition.RULES_LATE, facts.rules_at_s, facts.period_start_s))
    return findings


def _missed(facts: GateFacts, rules: GateRules) -> list[Finding]:
    findings = []
    community, complete = community_permille(facts), complete_members_permille(facts, rules)
    if community < rules.community_permille:
        findings.append(Finding(Condition.COMMUNITY, community, rules.community_permille))
    if complete < rules.complete_members_permille:
        short = tuple(one.owner for one in facts.members if one.permille < rules.member_permille)
        findings.append(Finding(Condition.MEMBERS, complete, rules.complete_members_permille, short))
    findings += [
        Finding(Condition.PLANT, one.permille, rules.plant_permille, (one.owner,))
        for one in facts.plants
        if one.permille < rules.plant_permille
    ]
    return findings


def _grace(facts: GateFacts, rules: GateRules) -> list[Finding]:
    ends_s = facts.period_end_s + rules.grace_s
    return [Finding(Condition.GRACE, facts.now_s, ends_s)] if facts.now_s < ends_s else []
