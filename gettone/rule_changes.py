"""Changes of a community's rules as people draft them: which kinds there are, and what their parameters must be.

Every rule of a kind is stated, none is left as it was: so what is approved is read at a glance.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any

from gettone.chain.categories import INCENTIVE_KINDS
from gettone.chain.policy_values import Bonuses, Budgets, Fees, IncentiveRule, Rates
from gettone.errors import InputError
from gettone.jcs import canonical
from gettone.metering.gate.rules import GateRules
from gettone.rewards.fields import UNITS_MAX, Fields
from gettone.rewards.model import parse_model

CODE = "out_of_range"


class ChangeKind(StrEnum):
    """What may be changed: on chain but for the settings, which are the thresholds of the quality gate."""

    MODEL = "model"
    FEE = "fee"
    INCENTIVE = "incentive"
    BONUS = "bonus"
    FACTOR = "factor"
    BUDGET = "budget"
    CAP = "cap"
    SETTINGS = "settings"


@dataclass(frozen=True, slots=True)
class CapRule:
    """Most base units that a settlement pays in a period, and to one member."""

    period_units: int
    member_units: int


ACTIONS: Mapping[ChangeKind, str] = {
    ChangeKind.MODEL: "model.change",
    ChangeKind.FEE: "policy.change",
    ChangeKind.INCENTIVE: "policy.change",
    ChangeKind.BONUS: "policy.change",
    ChangeKind.FACTOR: "policy.change",
    ChangeKind.BUDGET: "budget.change",
    ChangeKind.CAP: "budget.change",
    ChangeKind.SETTINGS: "model.change",
}
"""The action of the permission matrix by which a kind is proposed and approved."""

_WHOLE: Mapping[ChangeKind, type[Any]] = {
    ChangeKind.FEE: Fees,
    ChangeKind.BONUS: Bonuses,
    ChangeKind.FACTOR: Rates,
    ChangeKind.BUDGET: Budgets,
    ChangeKind.CAP: CapRule,
}


def checked_parameters(kind: ChangeKind, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters with integers as integers; InputError `out_of_range` names what is missing, unknown or wrong.

    >>> checked_parameters(ChangeKind.CAP, {"period_units": "100", "member_units": 10})
    {'period_units': 100, 'member_units': 10}
    """
    try:
        if kind is ChangeKind.MODEL:
            return parse_model(parameters).to_document()
        given = Fields(parameters, CODE)
        read = _incentive(given) if kind is ChangeKind.INCENTIVE else asdict(rule_of(kind, parameters))
    except InputError as refusal:
        raise InputError(CODE, refusal.message) from None
    return read


def rule_of(kind: ChangeKind, parameters: Mapping[str, Any]) -> Any:
    """The rule that parameters state: Fees, IncentiveRule, Bonuses, Rates, Budgets, CapRule or GateRules."""
    given = Fields(parameters, CODE)
    if kind is ChangeKind.SETTINGS:
        rules = _gate_rules(given)
    elif kind is ChangeKind.INCENTIVE:
        for name in ("category", "kind"):
            given.integer(name, 0, UNITS_MAX)
        rules = _of_fields(IncentiveRule, given)
    else:
        rules = _of_fields(_WHOLE[kind], given)
    given.finish()
    return rules


def change_digest(community: str, kind: ChangeKind, parameters: Mapping[str, Any], valid_from_s: int) -> bytes:
    """SHA-256 of the canonical JSON of a change, numbers as text: what the second person approves."""
    document = {"community": community, "kind": kind.value, "valid_from": str(valid_from_s)}
    return hashlib.sha256(canonical(document | {"parameters": _texts(parameters)})).digest()


def shown_parameters(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters as they go out: base units as decimal text, everything else as it is."""
    return {name: _shown(name, value) for name, value in parameters.items()}


def _incentive(given: Fields) -> dict[str, Any]:
    place = {"category": given.integer("category", 1, 8), "kind": given.integer("kind", 0, 4)}
    if (place["category"], place["kind"]) not in INCENTIVE_KINDS:
        raise given.refuse("kind", "has no incentive in this category: members do not pay there, or have no such kind")
    rule = _of_fields(IncentiveRule, given)
    given.finish()
    return place | asdict(rule)


def _gate_rules(given: Fields) -> GateRules:
    values: dict[str, Any] = {
        one.name: given.integer(one.name, 0, UNITS_MAX) for one in fields(GateRules) if one.name != "auto_release"
    }
    if not given.has("auto_release"):
        raise given.refuse("auto_release", "is required and missing")
    return GateRules(**values, auto_release=given.flag("auto_release", default=True))


def _of_fields(kind: type[Any], given: Fields) -> Any:
    return kind(**{one.name: given.integer(one.name, 0, UNITS_MAX) for one in fields(kind)})


def _texts(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _texts(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_texts(one) for one in value]
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _shown(name: str, value: Any) -> Any:
    if isinstance(value, Mapping):
        return shown_parameters(value)
    is_units = isinstance(value, int) and ("_units" in name or name.startswith("units_"))
    return str(value) if is_units else value
