"""A reward model as a JSON document: strict reading, and back with all defaults filled in (§7)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from gettone.rewards.combined import ADDITIVE, GATED, Combined
from gettone.rewards.fields import UNITS_MAX, Fields
from gettone.rewards.no_peaks import NoPeaks
from gettone.rewards.self_consumption import SelfConsumption

SELF_CONSUMPTION = "self_consumption"
NO_PEAKS = "no_peaks"
COMBINED = "combined"
POOL = "pool"
RATE = "rate"

UINT32_MAX = 2**32 - 1
WINDOWS_MAX = 4
INFORMATIVE_SLOT_S = 3600


@dataclass(frozen=True, slots=True)
class Model:
    """One reward model with all its parameters.

    kind: "self_consumption", "no_peaks" or "combined".
    mode: "pool" shares a budget, "rate" pays per kWh or day.
    budget_units: budget [u] of a period; in rate mode an optional cap, None is uncapped.
    self_consumption, no_peaks, combined: the parts that this kind has, else None.
    """

    kind: str
    mode: str
    budget_units: int | None
    self_consumption: SelfConsumption | None = None
    no_peaks: NoPeaks | None = None
    combined: Combined | None = None

    @property
    def sharing(self) -> SelfConsumption:
        """Model 1, or its defaults where this kind has none: the shared figures are then informative."""
        return self.self_consumption or SelfConsumption(slot_s=INFORMATIVE_SLOT_S)

    @property
    def is_gated(self) -> bool:
        """Whether the peaks of a day devalue that day's self-consumption."""
        return self.combined is not None and self.combined.combination == GATED

    def to_document(self) -> dict[str, Any]:
        """The JSON object of this model, with every default filled in; integers stay integers."""
        document: dict[str, Any] = {"kind": self.kind, "mode": self.mode}
        if self.budget_units is not None:
            document["budget_units"] = self.budget_units
        parts: dict[str, dict[str, Any]] = {}
        if self.self_consumption is not None:
            parts[SELF_CONSUMPTION] = asdict(self.self_consumption)
        if self.no_peaks is not None:
            parts[NO_PEAKS] = _document_of_no_peaks(self.no_peaks)
        if self.combined is None:
            return document | parts[self.kind]
        document["combination"] = self.combined.combination
        document["self_consumption_weight_permille"] = self.combined.self_consumption_weight_permille
        document["gate_permille"] = self.combined.gate_permille
        return document | parts


def parse_model(document: Mapping[str, Any]) -> Model:
    """Read the JSON object of a model; InputError `model_parameter` names the field that is wrong.

    Unknown names, missing required ones and values out of range are refused (rewards specification §7).

    >>> parse_model({"kind": "self_consumption", "mode": "pool", "budget_units": 100}).sharing.slot_s
    3600
    """
    fields = Fields(document, "model_parameter")
    kind = fields.word("kind", (SELF_CONSUMPTION, NO_PEAKS, COMBINED))
    mode = fields.word("mode", (POOL, RATE))
    needs_budget = mode == POOL or fields.has("budget_units")
    budget_units = fields.integer("budget_units", 0, UNITS_MAX) if needs_budget else None
    if kind == SELF_CONSUMPTION:
        model = Model(kind, mode, budget_units, _read_self_consumption(fields, mode == RATE))
    elif kind == NO_PEAKS:
        model = Model(kind, mode, budget_units, None, _read_no_peaks(fields, mode == RATE))
    else:
        model = _read_combined(fields, mode, budget_units)
    fields.finish()
    return model


def _read_combined(fields: Fields, mode: str, budget_units: int | None) -> Model:
    additive = fields.word("combination", (ADDITIVE, GATED), ADDITIVE) == ADDITIVE
    # The weight belongs to one combination and the gate to the other: the idle one may only be 0.
    weight = fields.integer("self_consumption_weight_permille", 0, 1000 * additive, None if additive else 0)
    gate = fields.integer("gate_permille", 0, 1000 * (not additive), 0 if additive else None)
    first, second = fields.child(SELF_CONSUMPTION), fields.child(NO_PEAKS)
    self_consumption = _read_self_consumption(first, mode == RATE)
    no_peaks = _read_no_peaks(second, mode == RATE and additive)
    first.finish()
    second.finish()
    combined = Combined(ADDITIVE if additive else GATED, weight, gate)
    return Model(COMBINED, mode, budget_units, self_consumption, no_peaks, combined)


def _read_self_consumption(fields: Fields, rate_is_required: bool) -> SelfConsumption:
    rate_default = None if rate_is_required else 0
    slot_s = fields.integer("slot_s", 0, UINT32_MAX, 3600)
    if slot_s not in (900, 3600):
        raise fields.refuse("slot_s", f"is {slot_s}, and must be 900 or 3600")
    return SelfConsumption(
        slot_s=slot_s,
        basis=fields.word("basis", ("grid", "physical"), "grid"),
        consumer_share_permille=fields.integer("consumer_share_permille", 0, 1000, 1000),
        rate_units_per_kwh=fields.integer("rate_units_per_kwh", 0, UNITS_MAX, rate_default),
    )


def _read_no_peaks(fields: Fields, rate_is_required: bool) -> NoPeaks:
    rate_default = None if rate_is_required else 0
    has_slots = fields.has("min_expected_slots")
    return NoPeaks(
        limit_mode=fields.word("limit_mode", ("contract", "percentile"), "contract"),
        threshold_permille=fields.integer("threshold_permille", 1, 1100, 800),
        percentile_permille=fields.integer("percentile_permille", 500, 1000, 975),
        limit_min_w=fields.integer("limit_min_w", 0, UINT32_MAX, 1000),
        penalty_permille=fields.integer("penalty_permille", 1, 1000, 250),
        completeness_permille=fields.integer("completeness_permille", 0, 1000, 900),
        min_expected_slots=fields.integer("min_expected_slots", 1, 100) if has_slots else None,
        min_day_wh=fields.integer("min_day_wh", 0, UINT32_MAX, 0),
        window_hours=_read_windows(fields),
        rate_units_per_day=fields.integer("rate_units_per_day", 0, UNITS_MAX, rate_default),
    )


def _read_windows(fields: Fields) -> tuple[tuple[int, int], ...]:
    windows = fields.whole_pairs("window_hours", 0, 24)
    if len(windows) > WINDOWS_MAX:
        raise fields.refuse("window_hours", f"has {len(windows)} windows, and may have at most {WINDOWS_MAX}")
    previous_end = 0
    for first, last in windows:
        if not previous_end <= first < last:
            raise fields.refuse("window_hours", f"has [{first}, {last}]: windows ascend and do not overlap")
        previous_end = last
    return windows


def _document_of_no_peaks(part: NoPeaks) -> dict[str, Any]:
    document: dict[str, Any] = asdict(part)
    document["window_hours"] = [list(window) for window in part.window_hours]
    if part.min_expected_slots is None:
        del document["min_expected_slots"]
    return document
