"""What a verification found: steps, differences, and the verdict that follows from them."""

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

STEP_NAMES = (
    "files",
    "readings",
    "leaf",
    "path",
    "chain",
    "payment",
    "model",
    "revisions",
    "sources",
)


class State(StrEnum):
    """Outcome of a step, the gravest last."""

    NOT_RUN = "not_run"
    OK = "ok"
    ERASED = "erased"
    PARTIAL = "partial"
    PENDING = "pending"
    UNANCHORED = "unanchored"
    MISSING = "missing"
    DIVERGED = "diverged"
    FAILED = "failed"


_GRAVITY = list(State)

_VERDICTS = {
    State.NOT_RUN: "OK",
    State.OK: "OK",
    State.PARTIAL: "OK_PARTIAL",
    State.ERASED: "OK_ERASED",
    State.PENDING: "PENDING",
    State.UNANCHORED: "UNANCHORED",
    State.MISSING: "TRUST_INPUT_MISSING",
    State.DIVERGED: "DIVERGED",
}
_EXIT_STATUSES = {"OK": 0, "OK_PARTIAL": 0, "OK_ERASED": 0, "DIVERGED": 1}
_WEAK_REASONS = ("archive", "files")
_EXIT_INVALID = 1
_EXIT_MISSING = 3


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs: whose, in which settlement and slot, what was expected and what was found."""

    member: str
    period: str | None
    slot: int | None
    expected: str
    found: str


@dataclass(slots=True)
class Step:
    """One of the nine steps; `detail` gathers a sentence for every outcome."""

    number: int
    state: State = State.NOT_RUN
    details: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Report:
    """The outcome of a verification; `subject` names the member in differences."""

    subject: str = ""
    steps: list[Step] = field(default_factory=lambda: [Step(number) for number in range(1, 10)])
    differences: list[Difference] = field(default_factory=list)

    def note(self, number: int, state: State, detail: str) -> None:
        """Record an outcome of step `number`; the gravest state of a step is kept."""
        step = self.steps[number - 1]
        step.state = max(step.state, state, key=_GRAVITY.index)
        if detail not in step.details:
            step.details.append(detail)

    def fail(
        self,
        number: int,
        reason: str,
        detail: str,
        *,
        period: str | None = None,
        slot: int | None = None,
        expected: object = "what was committed",
        found: object = None,
    ) -> None:
        """Record a failure with its stable reason, and name what differs (without `found`: the detail does)."""
        self.note(number, State.FAILED, detail)
        self.steps[number - 1].reasons.append(reason)
        self.differ(period, slot, expected, detail if found is None else found)

    def differ(self, period: str | None, slot: int | None, expected: object, found: object) -> None:
        """Name what differs."""
        self.differences.append(Difference(self.subject, period, slot, str(expected), str(found)))

    @property
    def verdict(self) -> str:
        """The stable verdict.

        A file that merely has not the digest or the packing of the manifest names the reason only if no step
        knows better what was changed.
        """
        reasons = [reason for step in self.steps for reason in step.reasons]
        reasons.sort(key=lambda reason: reason in _WEAK_REASONS)
        if reasons:
            return f"INVALID:{reasons[0]}"
        states = {step.state for step in self.steps}
        if State.ERASED in states and not states & set(_GRAVITY[_GRAVITY.index(State.PENDING) :]):
            return _VERDICTS[State.ERASED]
        return _VERDICTS[max(states, key=_GRAVITY.index)]

    @property
    def exit_status(self) -> int:
        """0 right, 1 wrong, 3 evidence missing or pending."""
        if self.verdict.startswith("INVALID:"):
            return _EXIT_INVALID
        return _EXIT_STATUSES.get(self.verdict, _EXIT_MISSING)

    def to_document(self) -> dict[str, Any]:
        """The JSON object `{verdict, steps, differences}`."""
        return {
            "verdict": self.verdict,
            "steps": [
                {"n": step.number, "state": step.state.value, "detail": "; ".join(step.details)} for step in self.steps
            ],
            "differences": [asdict(difference) for difference in self.differences],
        }
