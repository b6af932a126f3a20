"""The parameters of reward models as JSON Schema: names, ranges and defaults (§7), for forms and readers."""

from collections.abc import Mapping
from typing import Any

from gettone.rewards.fields import UNITS_MAX
from gettone.rewards.model import COMBINED, NO_PEAKS, SELF_CONSUMPTION, UINT32_MAX, WINDOWS_MAX

_UNITS = {"type": "string", "pattern": "^(0|[1-9][0-9]{0,28})$", "x-maximum": str(UNITS_MAX)}


def _permille(least: int, most: int, default: int | None = None) -> dict[str, Any]:
    given = {} if default is None else {"default": default}
    return {"type": "integer", "minimum": least, "maximum": most, **given}


_SELF_CONSUMPTION: Mapping[str, Any] = {
    "slot_s": {"type": "integer", "enum": [900, 3600], "default": 3600},
    "basis": {"enum": ["grid", "physical"], "default": "grid"},
    "consumer_share_permille": _permille(0, 1000, 1000),
    "rate_units_per_kwh": _UNITS,
}
_NO_PEAKS: Mapping[str, Any] = {
    "limit_mode": {"enum": ["contract", "percentile"], "default": "contract"},
    "threshold_permille": _permille(1, 1100, 800),
    "percentile_permille": _permille(500, 1000, 975),
    "limit_min_w": _permille(0, UINT32_MAX, 1000),
    "penalty_permille": _permille(1, 1000, 250),
    "completeness_permille": _permille(0, 1000, 900),
    "min_expected_slots": _permille(1, 100),
    "min_day_wh": _permille(0, UINT32_MAX, 0),
    "window_hours": {
        "type": "array",
        "maxItems": WINDOWS_MAX,
        "items": {"type": "array", "items": _permille(0, 24), "minItems": 2, "maxItems": 2},
        "default": [],
    },
    "rate_units_per_day": _UNITS,
}
_COMBINED: Mapping[str, Any] = {
    "combination": {"enum": ["additive", "gated"], "default": "additive"},
    "self_consumption_weight_permille": _permille(0, 1000),
    "gate_permille": _permille(0, 1000),
    SELF_CONSUMPTION: {"type": "object", "properties": _SELF_CONSUMPTION, "additionalProperties": False},
    NO_PEAKS: {"type": "object", "properties": _NO_PEAKS, "additionalProperties": False},
}
_PARTS: Mapping[str, Mapping[str, Any]] = {
    SELF_CONSUMPTION: _SELF_CONSUMPTION,
    NO_PEAKS: _NO_PEAKS,
    COMBINED: _COMBINED,
}


def parameter_schemas() -> dict[str, dict[str, Any]]:
    """The JSON Schema of each kind of model; what depends on the mode is refused by `parse_model` alone."""
    return {kind: _schema(kind, part) for kind, part in _PARTS.items()}


def _schema(kind: str, part: Mapping[str, Any]) -> dict[str, Any]:
    common = {"kind": {"const": kind}, "mode": {"enum": ["pool", "rate"]}, "budget_units": _UNITS}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {**common, **part},
        "required": ["kind", "mode"],
        "additionalProperties": False,
    }
