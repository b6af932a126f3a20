"""The configuration of a flow: ranges, agreement, ranks and its JSON."""

import json
from dataclasses import fields
from typing import Any

import pytest

from gettone.errors import InputError
from gettone.metering.flow import FlowConfig
from gettone.types import Quality

pytestmark = pytest.mark.unit

KEYS = [
    "source_class", "rank", "direction", "kind", "unit", "sign", "k_factor", "syntax", "separator", "encoding",
    "decimal", "columns", "null_marks", "clock", "label", "step_s", "snap_s", "max_reject_permille", "options",
]  # fmt: skip


@pytest.mark.parametrize(("source_class", "rank"), [(1, 50), (2, 40), (3, 30), (4, 20), (5, 10), (6, 5), (7, 1)])
def test_rank__measured_value__is_that_of_its_class(source_class: int, rank: int) -> None:
    config = FlowConfig(source_class=source_class)
    assert config.rank_of(Quality.ACTUAL) == config.rank_of(Quality.MISSING) == rank
    assert config.rank_of(Quality.ESTIMATED) == config.rank_of(Quality.SUBSTITUTED) == min(rank, 5)


def test_rank__stated__stands_over_that_of_the_class() -> None:
    config = FlowConfig(source_class=5, rank=25)
    assert (config.rank_of(Quality.ACTUAL), config.rank_of(Quality.ESTIMATED)) == (25, 5)


@pytest.mark.parametrize(
    "wrong",
    [
        {"source_class": 8},
        {"rank": 0},
        {"rank": True},
        {"direction": 6},
        {"kind": "energy"},
        {"unit": "J"},
        {"unit": "kW"},
        {"unit": "Wh", "kind": "power_mean"},
        {"sign": "negative"},
        {"k_factor": "yes"},
        {"syntax": "../xlsx"},
        {"separator": ";;"},
        {"separator": ".", "decimal": "."},
        {"encoding": "klingon"},
        {"decimal": "'"},
        {"columns": (("device", "POD"), ("device", "Meter"))},
        {"clock": "Europe/Roma"},
        {"clock": "+25:00"},
        {"label": "middle"},
        {"step_s": 0},
        {"step_s": 86_401},
        {"snap_s": 450},
        {"snap_s": 150, "step_s": 300},
        {"max_reject_permille": 1001},
    ],
)
def test_config__wrong_value__is_refused_by_name(wrong: dict[str, Any]) -> None:
    with pytest.raises(InputError, match=next(iter(wrong)) if "clock" not in wrong else "zone"):
        FlowConfig(**wrong)


def test_config__fields__are_the_keys_of_the_specification() -> None:
    assert [field.name for field in fields(FlowConfig)] == KEYS


def test_to_json__every_key__comes_back_equal() -> None:
    config = FlowConfig(
        source_class=1, rank=45, direction=1, kind="power_mean", unit="kW", sign="flip", k_factor="apply",
        syntax="csv", separator=";", encoding="cp1252", decimal=",", columns=(("value", "Energia"), ("device", "POD")),
        null_marks=("-", "n.d."), clock="Europe/Rome", label="end", step_s=900, snap_s=30, max_reject_permille=10,
        options=(("dialect", "e100"),),
    )  # fmt: skip
    document = config.to_json()
    assert sorted(json.loads(document)) == sorted(KEYS)
    assert FlowConfig.of_json(document, "f") == config
    assert FlowConfig.of_json(document, "f").to_json() == document


def test_column__not_mapped__is_called_as_we_call_it() -> None:
    config = FlowConfig(columns=(("device", "POD"),), options=(("dialect", "dst"),))
    assert (config.column("device"), config.column("value")) == ("POD", "energy_wh")
    assert FlowConfig(syntax="csv").column("value") == "value"
    assert (config.option("dialect"), config.option("other")) == ("dst", None)


def test_of_json__missing_or_unknown_key__is_named() -> None:
    values = json.loads(FlowConfig(source_class=3, direction=1).to_json())
    del values["source_class"]
    with pytest.raises(InputError, match="flow 'f' lacks or does not know: guess, source_class"):
        FlowConfig.of_json(json.dumps(values | {"guess": 1}), "f")
