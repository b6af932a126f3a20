"""Reading of model documents; the cases are shared with the contract that keeps the parameters on chain."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from gettone.errors import InputError
from gettone.rewards.document import canonical_document
from gettone.rewards.model import Model, parse_model
from tests.unit.rewards.communities import models

pytestmark = pytest.mark.unit

TABLE = Path(__file__).resolve().parents[2] / "vectors" / "model_parameters.json"
CASES = json.loads(TABLE.read_text(encoding="utf-8"))["cases"]
DOCUMENTS = [case for case in CASES if case["document"] is not None]


def named(cases: list[dict[str, Any]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", cases, ids=lambda case: case["name"].replace(" ", "_"))


@named([case for case in DOCUMENTS if case["ok"]])
def test_parse_model__accepted_document__matches_the_words_on_chain(case: dict[str, Any]) -> None:
    model = parse_model(case["document"])
    words = case["parameters"]
    assert ["self_consumption", "no_peaks", "combined"][words["kind"]] == model.kind
    assert (int(words["budgetUnits"]) if words["hasBudget"] else None) == model.budget_units
    if model.self_consumption is not None:
        side = words["selfConsumption"]
        assert model.self_consumption.slot_s == side["slotSeconds"]
        assert model.self_consumption.consumer_share_permille == side["consumerSharePermille"]
        assert model.self_consumption.rate_units_per_kwh == int(side["rateUnitsPerKwh"])
    if model.no_peaks is not None:
        side = words["noPeaks"]
        assert model.no_peaks.threshold_permille == side["thresholdPermille"]
        assert (model.no_peaks.min_expected_slots or 0) == side["minExpectedSlots"]
        assert len(model.no_peaks.window_hours) == side["windowCount"]
        hours = [hour for window in model.no_peaks.window_hours for hour in window]
        assert hours == side["windowHours"][: 2 * side["windowCount"]]
        assert model.no_peaks.rate_units_per_day == int(side["rateUnitsPerDay"])


@named([case for case in DOCUMENTS if not case["ok"]])
def test_parse_model__refused_document__names_the_field(case: dict[str, Any]) -> None:
    with pytest.raises(InputError) as refusal:
        parse_model(case["document"])
    assert refusal.value.code == "model_parameter"
    assert refusal.value.message.split(" ")[0].split(".")[-1] == case["refused_field"]


def test_parse_model__field_within_a_side__is_named_with_its_place() -> None:
    document = {"kind": "combined", "mode": "pool", "budget_units": 1, "self_consumption_weight_permille": 1}
    with pytest.raises(InputError, match=r"^no_peaks\.threshold_permille is 0, and must be in 1\.\.1100$"):
        parse_model(document | {"no_peaks": {"threshold_permille": 0}})


@pytest.mark.parametrize("document", [[], "pool", None, 7])
def test_parse_model__no_object__is_refused(document: Any) -> None:
    with pytest.raises(InputError, match="must be a JSON object"):
        parse_model(document)


@given(models())
def test_document__filled_in_and_read_again__is_the_same_model(model: Model) -> None:
    written = json.loads(canonical_document(model.to_document()))
    assert parse_model(written) == model
    assert parse_model(written).to_document() == model.to_document()


def test_document__of_a_bare_model__holds_every_default() -> None:
    model = parse_model({"kind": "no_peaks", "mode": "pool", "budget_units": 5})
    assert model.to_document() == {
        "kind": "no_peaks",
        "mode": "pool",
        "budget_units": 5,
        "limit_mode": "contract",
        "threshold_permille": 800,
        "percentile_permille": 975,
        "limit_min_w": 1000,
        "penalty_permille": 250,
        "completeness_permille": 900,
        "min_day_wh": 0,
        "window_hours": [],
        "rate_units_per_day": 0,
    }
