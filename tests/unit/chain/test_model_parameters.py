"""A model's JSON and the struct on chain say the same, both ways, for all vectors."""

import json
from pathlib import Path
from typing import Any

import pytest

from gettone.chain.contract import load_artifact
from gettone.chain.model_parameters import parameters_of_chain, parameters_to_chain
from gettone.errors import CheckFailed, InputError
from gettone.rewards.model import parse_model

pytestmark = pytest.mark.unit

VECTORS = Path(__file__).resolve().parents[2] / "vectors"
MODELS = sorted((VECTORS / "rewards").glob("*/model.json"))
CASES = json.loads((VECTORS / "model_parameters.json").read_text(encoding="utf-8"))["cases"]
ACCEPTED = [case for case in CASES if case["ok"] and case["document"] and case["parameters"]]
REFUSED = [case for case in CASES if not case["ok"] and case["document"]]


def struct_of(values: tuple[Any, ...], components: list[dict[str, Any]]) -> dict[str, Any]:
    """A struct by the names of the ABI, long numbers as strings, as the vectors write it."""
    named: dict[str, Any] = {}
    for entry, value in zip(components, values, strict=True):
        if "components" in entry:
            named[entry["name"]] = struct_of(value, entry["components"])
        elif entry["type"] == "uint96":
            named[entry["name"]] = str(value)
        else:
            named[entry["name"]] = list(value) if isinstance(value, tuple) else value
    return named


def parameter_components() -> list[dict[str, Any]]:
    abi = load_artifact("RewardModels")["abi"]
    schedule = next(entry for entry in abi if entry.get("name") == "schedule")
    components: list[dict[str, Any]] = schedule["inputs"][0]["components"]
    return components


def test_vectors__present__not_empty() -> None:
    assert len(MODELS) >= 10
    assert len(ACCEPTED) >= 3
    assert len(REFUSED) >= 3


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.parent.name)
def test_parameters__every_reward_vector__comes_back_with_its_defaults(path: Path) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))
    assert parameters_of_chain(parameters_to_chain(document)) == parse_model(document).to_document()


@pytest.mark.parametrize("case", ACCEPTED, ids=lambda case: case["name"])
def test_parameters__accepted_vector__struct_is_the_vectors_and_comes_back(case: dict[str, Any]) -> None:
    values = parameters_to_chain(case["document"])
    assert struct_of(values, parameter_components()) == case["parameters"]
    assert parameters_of_chain(values) == parse_model(case["document"]).to_document()


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case["name"])
def test_parameters__refused_vector__names_the_field(case: dict[str, Any]) -> None:
    with pytest.raises(InputError) as refusal:
        parameters_to_chain(case["document"])
    assert refusal.value.code == "model_parameter"
    assert case["refused_field"] in refusal.value.message


def test_parameters_of_chain__kind_of_a_later_program__check_failed() -> None:
    values = parameters_to_chain(json.loads(MODELS[0].read_text(encoding="utf-8")))
    with pytest.raises(CheckFailed) as refusal:
        parameters_of_chain((9, *values[1:]))
    assert refusal.value.code == "model_on_chain"
