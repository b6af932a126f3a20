"""A reward model as JSON (rewards.md §7, defaults filled in) and as the Parameters struct of RewardModels.

Both directions are exact: whatever the JSON says after its defaults are filled in comes back from the chain.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from gettone.errors import CheckFailed, InputError
from gettone.rewards.model import Model, parse_model
from gettone.rewards.no_peaks import NoPeaks
from gettone.rewards.self_consumption import SelfConsumption

KINDS = ("self_consumption", "no_peaks", "combined")
MODES = ("pool", "rate")
COMBINATIONS = ("additive", "gated")
BASES = ("grid", "physical")
LIMIT_MODES = ("contract", "percentile")
_WINDOW_BYTES = 8
_NO_SELF_CONSUMPTION = (0, 0, 0, 0)
_NO_PEAKS_AT_ALL = (0, 0, 0, 0, 0, 0, 0, 0, 0, (0,) * _WINDOW_BYTES, 0)


def parameters_to_chain(document: Mapping[str, Any]) -> tuple[Any, ...]:
    """The Parameters struct of a model's JSON, as the ABI encodes it.

    Raises InputError `model_parameter`, which names the field, for a document that is no model.
    """
    model = parse_model(document)
    combined = model.combined
    return (
        KINDS.index(model.kind),
        MODES.index(model.mode),
        model.budget_units is not None,
        model.budget_units or 0,
        0 if combined is None else COMBINATIONS.index(combined.combination),
        0 if combined is None else combined.self_consumption_weight_permille,
        0 if combined is None else combined.gate_permille,
        _self_consumption_to_chain(model.self_consumption),
        _no_peaks_to_chain(model.no_peaks),
    )


def parameters_of_chain(values: Sequence[Any]) -> dict[str, Any]:
    """The JSON of a Parameters struct, defaults filled in and absent parts left out.

    Raises CheckFailed `model_on_chain` when the chain holds what the rules of this program do not know.
    """
    kind, mode, has_budget, budget_units, combination, weight, gate, sharing, peaks = values
    try:
        parts: dict[str, dict[str, Any]] = {}
        if KINDS[kind] != "no_peaks":
            parts["self_consumption"] = _self_consumption_of_chain(sharing)
        if KINDS[kind] != "self_consumption":
            parts["no_peaks"] = _no_peaks_of_chain(peaks)
        document: dict[str, Any] = {"kind": KINDS[kind], "mode": MODES[mode]}
        document |= {"budget_units": budget_units} if has_budget else {}
        if KINDS[kind] != "combined":
            return parse_model(document | parts[KINDS[kind]]).to_document()
        document["combination"] = COMBINATIONS[combination]
        document["self_consumption_weight_permille"] = weight
        document["gate_permille"] = gate
        return parse_model(document | parts).to_document()
    except (IndexError, InputError) as cause:
        raise CheckFailed(
            "model_on_chain", f"the chain holds a reward model that this program does not know: {cause}"
        ) from None


def model_of_chain(values: Sequence[Any]) -> Model:
    """The model of a Parameters struct, ready to compute with."""
    return parse_model(parameters_of_chain(values))


def _self_consumption_to_chain(part: SelfConsumption | None) -> tuple[Any, ...]:
    if part is None:
        return _NO_SELF_CONSUMPTION
    return (part.slot_s, BASES.index(part.basis), part.consumer_share_permille, part.rate_units_per_kwh)


def _self_consumption_of_chain(values: Sequence[Any]) -> dict[str, Any]:
    slot_s, basis, consumer_share_permille, rate_units_per_kwh = values
    part = SelfConsumption(slot_s, BASES[basis], consumer_share_permille, rate_units_per_kwh)
    return asdict(part)


def _no_peaks_to_chain(part: NoPeaks | None) -> tuple[Any, ...]:
    if part is None:
        return _NO_PEAKS_AT_ALL
    hours = [hour for window in part.window_hours for hour in window]
    return (
        LIMIT_MODES.index(part.limit_mode),
        part.threshold_permille,
        part.percentile_permille,
        part.limit_min_w,
        part.penalty_permille,
        part.completeness_permille,
        part.min_expected_slots or 0,
        part.min_day_wh,
        len(part.window_hours),
        tuple(hours + [0] * (_WINDOW_BYTES - len(hours))),
        part.rate_units_per_day,
    )


def _no_peaks_of_chain(values: Sequence[Any]) -> dict[str, Any]:
    (
        limit_mode,
        threshold,
        percentile,
        min_w,
        penalty,
        completeness,
        min_slots,
        min_wh,
        count,
        hours,
        rate,
    ) = values
    document = {
        "limit_mode": LIMIT_MODES[limit_mode],
        "threshold_permille": threshold,
        "percentile_permille": percentile,
        "limit_min_w": min_w,
        "penalty_permille": penalty,
        "completeness_permille": completeness,
        "min_day_wh": min_wh,
        "window_hours": [list(hours[2 * at : 2 * at + 2]) for at in range(count)],
        "rate_units_per_day": rate,
    }
    return document | ({"min_expected_slots": min_slots} if min_slots else {})
