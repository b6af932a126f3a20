"""The schema of parameters and the reading of models name the same parameters with the same ranges."""

from typing import Any

import pytest

from gettone.errors import InputError
from gettone.rewards.model import parse_model
from gettone.rewards.parameter_schema import parameter_schemas

pytestmark = pytest.mark.unit

SMALLEST: dict[str, dict[str, Any]] = {
    "self_consumption": {"kind": "self_consumption", "mode": "pool", "budget_units": 1},
    "no_peaks": {"kind": "no_peaks", "mode": "pool", "budget_units": 1},
}
BOUNDED = [
    (kind, name, field)
    for kind in SMALLEST
    for name, field in parameter_schemas()[kind]["properties"].items()
    if "minimum" in field
]


@pytest.mark.parametrize(("kind", "name", "field"), BOUNDED, ids=[f"{one[0]} {one[1]}" for one in BOUNDED])
def test_parameter_schemas__bounds__are_those_of_the_model(kind: str, name: str, field: dict[str, Any]) -> None:
    for value in (field["minimum"], field["maximum"]):
        parse_model(SMALLEST[kind] | {name: value})
    for value in (field["minimum"] - 1, field["maximum"] + 1):
        with pytest.raises(InputError, match=name):
            parse_model(SMALLEST[kind] | {name: value})


@pytest.mark.parametrize("kind", sorted(SMALLEST))
def test_parameter_schemas__names__are_those_that_come_back_with_defaults(kind: str) -> None:
    optional = {"min_expected_slots"}
    assert set(parameter_schemas()[kind]["properties"]) - optional == set(parse_model(SMALLEST[kind]).to_document())


def test_parameter_schemas__combined__has_the_parameters_of_both_parts() -> None:
    combined = parameter_schemas()["combined"]["properties"]
    parts = {kind: set(parameter_schemas()[kind]["properties"]) - {"kind", "mode", "budget_units"} for kind in SMALLEST}
    assert {kind: set(combined[kind]["properties"]) for kind in SMALLEST} == parts
