"""The file of a source: every key stated, all that is wrong named at once."""

import json
from pathlib import Path
from typing import Any

import pytest

from gettone.errors import InputError
from gettone.metering.flow import FlowConfig
from oracle.transports.source_file import read_source_file

pytestmark = pytest.mark.unit

CONFIG = json.loads(FlowConfig(source_class=3, syntax="json", max_reject_permille=1000).to_json())
DOCUMENT: dict[str, Any] = {
    "flow": "meters", "supplier": "cooperative", "transport": "mqtt", "send_period_s": 900, "community": "fontana",
    "devices": ["home01"], "config": CONFIG,
}  # fmt: skip


def write(folder: Path, document: Any) -> Path:
    path = folder / "source.json"
    path.write_text(json.dumps(document))
    return path


def test_source_file__complete__is_read_as_stated(tmp_path: Path) -> None:
    found = read_source_file(write(tmp_path, DOCUMENT))
    assert (found.flow, found.transport, found.community, found.devices) == ("meters", "mqtt", "fontana", ("home01",))
    assert found.config == FlowConfig(source_class=3, syntax="json", max_reject_permille=1000)


def test_source_file__toml_with_empty_texts__means_the_same(tmp_path: Path) -> None:
    lines = [f"{name} = {json.dumps('' if value is None else value)}" for name, value in CONFIG.items() if value != {}]
    path = tmp_path / "source.toml"
    head = 'flow = "meters"\nsupplier = "cooperative"\ntransport = "mqtt"\nsend_period_s = 900\ncommunity = "fontana"\n'
    path.write_text(head + "[config]\n" + "\n".join(lines) + "\n[config.columns]\n[config.options]\n")
    assert read_source_file(path).config == read_source_file(write(tmp_path, DOCUMENT)).config


def test_source_file__missing_and_unknown_keys__are_all_named(tmp_path: Path) -> None:
    config = {name: value for name, value in CONFIG.items() if name not in ("clock", "step_s")} | {"colour": 1}
    document = {name: value for name, value in DOCUMENT.items() if name != "supplier"} | {"config": config}
    with pytest.raises(InputError) as refusal:
        read_source_file(write(tmp_path, document))
    for word in ("missing supplier", "missing config.clock, config.step_s", "unknown config.colour"):
        assert word in refusal.value.message


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"transport": "pigeon"}, "not one of mqtt"),
        ({"community": None}, "missing community"),
        ({"send_period_s": -1}, "send_period_s"),
        ({"devices": [1]}, "devices"),
        ({"config": CONFIG | {"max_reject_permille": 200}}, "max_reject_permille 1000"),
        ({"config": CONFIG | {"columns": 5}}, "wrong type"),
        ({"config": CONFIG | {"source_class": 99}}, "source_class"),
        ({"config": 5}, "config is no table"),
    ],
)
def test_source_file__wrong_value__is_named(tmp_path: Path, change: dict[str, Any], word: str) -> None:
    with pytest.raises(InputError, match=word):
        read_source_file(write(tmp_path, DOCUMENT | change))


@pytest.mark.parametrize("text", ["[1]", "{", ""])
def test_source_file__no_table__is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(text)
    with pytest.raises(InputError):
        read_source_file(path)


FETCHED = DOCUMENT | {
    "transport": "https",
    "send_cron": "30 13 * * *",
    "config": CONFIG | {"syntax": "price_xml", "options": {"kind": "actual", "url": "https://market.example/{day}"}},
}


def test_source_file__file_fetched_by_a_schedule__states_time_and_address(tmp_path: Path) -> None:
    assert read_source_file(write(tmp_path, FETCHED)).send_cron == "30 13 * * *"


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"send_cron": None}, "send_cron belongs to transport https"),
        ({"transport": "triage"}, "send_cron belongs to transport https"),
        ({"send_cron": "hourly"}, "no time of every day"),
        ({"send_cron": 5}, "send_cron"),
        ({"config": FETCHED["config"] | {"options": {"kind": "actual"}}}, "option url"),
        ({"config": FETCHED["config"] | {"syntax": "json"}}, "none of prices or weather"),
    ],
)
def test_source_file__schedule_that_cannot_work__is_named(tmp_path: Path, change: dict[str, Any], word: str) -> None:
    with pytest.raises(InputError, match=word):
        read_source_file(write(tmp_path, FETCHED | change))
