"""Bodies of the rules of tokens."""

from typing import Any

from api.schemas import Strict


class ScheduledBody(Strict):
    """A change that is public and not in force yet."""

    valid_from: str
    parameters: dict[str, Any]


class RuleBody(Strict):
    """A rule in force, and what replaces it; base units are decimal text, fees basis points."""

    parameters: dict[str, Any]
    scheduled: ScheduledBody | None


class PolicyBody(Strict):
    """All rules at an instant; `incentives` by category and kind of agreement, those without any effect left out."""

    at: str
    min_notice_s: int
    fee: RuleBody
    bonus: RuleBody
    factor: RuleBody
    budget: RuleBody
    cap: RuleBody
    incentives: list[RuleBody]
