"""The configuration of a flow: ranges, ranks and its JSON."""

import json

import pytest

from gettone.errors import InputError
from gettone.metering.flow import FlowConfig
from gettone.types import Quality

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(("source_class", "rank"), [(1, 50), (2, 40), (3, 30), (4, 20), (5, 10), (7, 1)])
def test_rank__measured_value__is_that_of_its_class(source_class: int, rank: int) -> None:
    config = FlowConfig(source_class=source_class)
    assert config.rank(Quality.ACTUAL) == config.rank(Quality.MISSING) == rank
    assert config.rank(Quality.ESTIMATED) == config.rank(Quality.SUBSTITUTED) == min(rank, 5)


@pytest.mark.parametrize("wrong", [{"source_class": 6}, {"direction": 6}, {"max_reject_permille": 1001}])
def test_config__value_out_of_range__is_refused_by_name(wrong: dict[str, int]) -> None:
    with pytest.raises(InputError, match=next(iter(wrong))):
        FlowConfig(**wrong)


def test_of_json__missing_or_unknown_key__is_named() -> None:
    config = FlowConfig(source_class=3, direction=1)
    document = config.to_json()
    assert FlowConfig.of_json(document, "f") == config
    values = json.loads(document)
    with pytest.raises(InputError, match="flow 'f' lacks or does not know: guess, source_class"):
        FlowConfig.of_json(json.dumps({**{k: v for k, v in values.items() if k != "source_class"}, "guess": 1}), "f")
