"""What a community asks of the readings of a period before it may be settled (§8): its parameters, as stored."""

import json
from dataclasses import asdict, dataclass, fields
from typing import Any

from gettone.errors import InputError
from gettone.types import DAY_S

DISTRIBUTOR_RANK = 40
"""From this rank on only the distributor's readings count, and they take longer to come."""

_PERMILLE = (
    "community_permille",
    "member_permille",
    "complete_members_permille",
    "plant_permille",
    "quarantine_permille",
)
_DAYS = ("grace_any_days", "grace_distributor_days", "deadline_days")


@dataclass(frozen=True, slots=True)
class GateRules:
    """Thresholds of a community in permille, days after the period, and the least rank that earns.

    community_permille: completeness of the community.  member_permille: a member is complete from here on.
    complete_members_permille: share of complete members.  plant_permille: completeness of each production or
    injection channel.  quarantine_permille: above this share of slots a settlement waits for a person.
    grace_any_days, grace_distributor_days: how long data may still arrive; the second applies where
    `settlement_min_rank` lets only the distributor's readings earn.  deadline_days: missing data is waited for so
    long.  auto_release: after it an incomplete period is settled without two persons.
    """

    community_permille: int = 950
    member_permille: int = 900
    complete_members_permille: int = 900
    plant_permille: int = 980
    quarantine_permille: int = 5
    grace_any_days: int = 3
    grace_distributor_days: int = 20
    deadline_days: int = 45
    settlement_min_rank: int = 10
    auto_release: bool = True

    def __post_init__(self) -> None:
        """InputError for a value outside its range."""
        for name, limit in [*dict.fromkeys(_PERMILLE, 1000).items(), *dict.fromkeys(_DAYS, 365).items()]:
            _require_range(name, getattr(self, name), 0, limit)
        # An estimate has rank 5 at most, so that no parameter lets one earn (law 5 of §1).
        _require_range("settlement_min_rank", self.settlement_min_rank, 6, 50)
        if not isinstance(self.auto_release, bool):
            raise InputError("gate_rules", f"auto_release is {self.auto_release!r}: write true or false")

    @property
    def grace_s(self) -> int:
        """Seconds after a period in which its data may still arrive."""
        distributor_only = self.settlement_min_rank >= DISTRIBUTOR_RANK
        return (self.grace_distributor_days if distributor_only else self.grace_any_days) * DAY_S

    @property
    def deadline_s(self) -> int:
        """Seconds after a period from which missing data is not waited for any more."""
        return self.deadline_days * DAY_S

    def to_document(self) -> dict[str, str]:
        """Every parameter by name, as text: the form that is committed."""
        return {name: str(value).lower() for name, value in asdict(self).items()}

    def to_json(self) -> str:
        """Canonical JSON for the database."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))

    @classmethod
    def of_json(cls, text: str) -> "GateRules":
        """The parameters of stored JSON; InputError for a missing or an unknown name."""
        values = json.loads(text)
        if set(values) != set(names()):
            wrong = ", ".join(sorted(set(values) ^ set(names())))
            raise InputError("gate_rules", f"the gate parameters lack or do not know: {wrong}")
        return cls(**values)

    def changed(self, texts: dict[str, str]) -> "GateRules":
        """These parameters with some set anew from text; InputError names an unknown name or a wrong value."""
        unknown = sorted(set(texts) - set(names()))
        if unknown:
            raise InputError(
                "gate_rules", f"unknown gate parameters {', '.join(unknown)}: known are {', '.join(names())}"
            )
        return GateRules(**(asdict(self) | {name: _value(name, text) for name, text in texts.items()}))


def rules_of_document(document: dict[str, str]) -> GateRules:
    """The parameters of a committed report."""
    return GateRules().changed(document)


def names() -> tuple[str, ...]:
    """Names of the parameters, in the order of the table of §8."""
    return tuple(field.name for field in fields(GateRules))


def _value(name: str, text: str) -> Any:
    if name == "auto_release":
        if text not in ("true", "false"):
            raise InputError("gate_rules", f"auto_release is {text!r}: write true or false")
        return text == "true"
    if not text.isascii() or not text.isdigit():
        raise InputError("gate_rules", f"{name} is {text!r}: write a whole number")
    return int(text)


def _require_range(name: str, value: Any, least: int, most: int) -> None:
    if not isinstance(value, int) or not least <= value <= most:
        raise InputError("gate_rules", f"{name} is {value!r}: it must be a whole number within {least} to {most}")
