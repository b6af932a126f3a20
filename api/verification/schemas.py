"""Bodies of verifications."""

from api.schemas import Strict


class StepBody(Strict):
    """One step of the verification (LECN-1 §3), and what was found."""

    n: int
    state: str
    detail: str


class DifferenceBody(Strict):
    """What differs, named as closely as the take-out allows."""

    member: str | None
    period: str | None
    slot: int | None
    expected: str
    found: str


class VerdictBody(Strict):
    """Verdict, steps and differences, as `gettone verify` gives them."""

    verdict: str
    steps: list[StepBody]
    differences: list[DifferenceBody]
