"""The report of the quality gate: what a settlement rests on, who was left out and why; no readings (§8)."""

from dataclasses import dataclass
from typing import Any

from gettone.metering.gate.decision import Condition, Coverage, Decision, Finding, GateFacts, GateState, decide
from gettone.metering.gate.rules import GateRules, rules_of_document

SCHEMA = "gettone.gate/2"


@dataclass(frozen=True, slots=True)
class GateReport:
    """Facts, parameters and decision of one gate; its canonical JSON is digested into the settlement's parameters."""

    facts: GateFacts
    rules: GateRules
    decision: Decision

    @property
    def state(self) -> GateState:
        """The state decided."""
        return self.decision.state

    @property
    def passes(self) -> bool:
        """Whether the period may be frozen now."""
        return self.decision.passes(self.facts, self.rules)

    def to_document(self) -> dict[str, Any]:
        """The report as committed: pseudonyms, ids and counts, every number a string; nothing of the hour of asking."""
        return {
            "schema": SCHEMA,
            "state": self.state.value,
            "rules": self.rules.to_document(),
            "community_permille": str(self.decision.community_permille),
            "complete_members_permille": str(self.decision.complete_members_permille),
            "quarantined_slots": str(self.facts.quarantined_slots),
            "members": [_line("member_id", one) for one in self.facts.members],
            "plants": [_line("channel_id", one) for one in self.facts.plants],
            "left_out": self._left_out(),
            "findings": [_finding(one) for one in self.decision.findings],
            "release": self._release(),
        }

    def _left_out(self) -> list[dict[str, str]]:
        """Members below the threshold of a complete one: with nothing measured, or with too little."""
        return [
            {"member_id": one.owner, "why": "too_little_measured" if one.valid_slots else "nothing_measured"}
            for one in self.facts.members
            if one.permille < self.rules.member_permille
        ]

    def _release(self) -> dict[str, Any] | None:
        if self.state is not GateState.INCOMPLETE or not self.passes:
            return None
        persons = sorted(set(self.facts.released_by))
        return {"by": persons, "reason": self.facts.release_reason} if persons else {"by": [], "reason": "auto_release"}


def examine(facts: GateFacts, rules: GateRules) -> GateReport:
    """Decide and report."""
    return GateReport(facts, rules, decide(facts, rules))


def rules_in(document: dict[str, Any]) -> GateRules:
    """The parameters a stored report was made with; reports of the first form always used the defaults."""
    return rules_of_document(document["rules"]) if "rules" in document else GateRules()


def _line(name: str, one: Coverage) -> dict[str, str]:
    return {name: one.owner, "expected_slots": str(one.expected_slots), "valid_slots": str(one.valid_slots)}


def _finding(one: Finding) -> dict[str, Any]:
    return {
        "condition": one.condition.value,
        "found": str(one.found),
        "limit": str(one.limit),
        "which": list(one.which),
    }


def findings_in(document: dict[str, Any]) -> tuple[Finding, ...]:
    """The findings of a stored report; those of the first form had none."""
    return tuple(
        Finding(Condition(one["condition"]), int(one["found"]), int(one["limit"]), tuple(one["which"]))
        for one in document.get("findings", ())
    )
