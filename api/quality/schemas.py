"""Bodies of quality."""

from typing import Annotated

from pydantic import StringConstraints

from api.schemas import MemberId, Reason, Strict, StrictInput

Period = Annotated[str, StringConstraints(min_length=4, max_length=32, pattern=r"^[0-9W/-]+$")]


class LineBody(Strict):
    """One channel of a member over a period, counted in slots of closed days; `anomalies` by code."""

    member_id: MemberId
    channel_id: int
    direction: int
    step_s: int
    expected: int
    actual: int
    estimated: int
    substituted: int
    quarantined: int
    missing: int
    permille: int
    days_open: int
    gaps: int
    long_gaps: int
    anomalies: dict[str, int]


class WaitingBody(Strict):
    """A value that waits for a person; what it says is not shown here."""

    channel_id: int
    at: str
    version: int
    state: str


class QualityBody(Strict):
    """Quality of a community's readings over a period; of a day, it tells each day."""

    period_start: str
    period_end: str
    lines: list[LineBody]
    waiting: list[WaitingBody]


class AnomalyBody(Strict):
    """A finding of the rules, until data cure it or two persons dismiss it."""

    id: int
    channel_id: int
    code: str
    severity: int
    first: str
    last: str | None
    count: int
    state: str
    note: str | None


class OverrideInput(StrictInput):
    """Why a finding is none."""

    reason: Reason


class OverrideBody(Strict):
    """What became of the override: proposed, or approved by a second person."""

    anomaly: AnomalyBody
    proposed_by: str
    approved_by: str | None
