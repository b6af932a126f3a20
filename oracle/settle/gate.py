"""The quality gate before a settlement: who has enough readings, and what is waited for (metering §8)."""

from dataclasses import dataclass

from gettone.errors import Held, MissingInput
from gettone.types import DAY_S


@dataclass(frozen=True, slots=True)
class GateRules:
    """Thresholds of a community, in permille and days."""

    community_permille: int = 950
    member_permille: int = 900
    complete_members_permille: int = 900
    deadline_days: int = 45
    quarantine_permille: int = 5


@dataclass(frozen=True, slots=True)
class Coverage:
    """Slots of one member: expected inside membership and period, and valid (measured, rank enough)."""

    member_id: str
    expected_slots: int
    valid_slots: int

    @property
    def permille(self) -> int:
        """Completeness, rounded down; an empty expectation is complete."""
        return 1000 * self.valid_slots // self.expected_slots if self.expected_slots else 1000


@dataclass(frozen=True, slots=True)
class GateReport:
    """The decision with everything it rests on; its canonical JSON is digested into the parameters."""

    state: str
    community_permille: int
    complete_members_permille: int
    members: tuple[Coverage, ...]

    def to_document(self) -> dict[str, object]:
        """The report as committed: counts by pseudonym, no readings; every number a string."""
        return {
            "schema": "gettone.gate/1",
            "state": self.state,
            "community_permille": str(self.community_permille),
            "complete_members_permille": str(self.complete_members_permille),
            "members": [
                {
                    "member_id": one.member_id,
                    "expected_slots": str(one.expected_slots),
                    "valid_slots": str(one.valid_slots),
                }
                for one in self.members
            ],
        }


def examine(
    coverage: tuple[Coverage, ...],
    *,
    period_end_s: int,
    now_s: int,
    quarantined_slots: int = 0,
    rules: GateRules | None = None,
) -> GateReport:
    """Decide whether a period may be settled now.

    `coverage` in bytewise order of ids; `quarantined_slots` wait for a person's decision.  The state is `ready`
    when the thresholds are met, `incomplete` when they are missed but the deadline has passed: what is still in
    quarantine then counts as missing.  Raises Held while data or decisions may still arrive, and MissingInput
    when slots are expected and not one reading is there.
    """
    rules = rules or GateRules()
    expected = sum(one.expected_slots for one in coverage)
    valid = sum(one.valid_slots for one in coverage)
    if expected and not valid:
        raise MissingInput(
            "period_without_readings",
            f"the period has no readings: {expected} slots are expected and none is measured; "
            "import them with 'gettone readings import'",
        )
    community = 1000 * valid // expected if expected else 1000
    complete = sum(one.permille >= rules.member_permille for one in coverage)
    members = 1000 * complete // len(coverage) if coverage else 1000
    is_complete = community >= rules.community_permille and members >= rules.complete_members_permille
    if now_s < period_end_s + rules.deadline_days * DAY_S:
        _hold_for_quarantine(quarantined_slots, expected, rules)
        if not is_complete:
            _hold_for_readings(community, members, rules)
    return GateReport("ready" if is_complete else "incomplete", community, members, coverage)


def _hold_for_quarantine(quarantined_slots: int, expected_slots: int, rules: GateRules) -> None:
    if 1000 * quarantined_slots > rules.quarantine_permille * expected_slots:
        raise Held(
            "readings_in_quarantine",
            f"{quarantined_slots} of {expected_slots} slots are in quarantine, more than {rules.quarantine_permille} "
            "permille: decide on them, or settle after the deadline, when they count as missing",
        )


def _hold_for_readings(community_permille: int, members_permille: int, rules: GateRules) -> None:
    raise Held(
        "readings_incomplete",
        f"readings are incomplete: the community has {community_permille} permille of its slots "
        f"({rules.community_permille} needed) and {members_permille} permille of the members are complete "
        f"({rules.complete_members_permille} needed); import what is missing, or settle after the "
        f"deadline of {rules.deadline_days} days",
    )
