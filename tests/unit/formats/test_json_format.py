"""Messages in JSON, one object or lines, as devices send them."""

import json
from pathlib import Path
from typing import Any

import pytest

from gettone.metering.flow import FlowConfig
from gettone.metering.received import Received, ReceivedRegisters, Unit
from oracle.formats.registry import read_batch
from tests.factories.payloads import broken_rows, received_rows, refusal_of

pytestmark = pytest.mark.unit

JSON = FlowConfig(syntax="json", unit=None)
START_S = 1_774_742_400
MESSAGE = {
    "v": 1,
    "id": "01JQ8",
    "device": "7",
    "dir": 1,
    "kind": "interval",
    "unit": "Wh",
    "from": "2026-03-29T00:00:00Z",
    "step": 900,
    "values": [187, 192, None, 204],
    "est": [3],
}


def read(tmp_path: Path, text: str, flow: FlowConfig = JSON) -> Received:
    path = tmp_path / "payload"
    path.write_text(text, encoding="utf-8")
    received = read_batch(path, flow)
    assert isinstance(received, Received)
    return received


def message(**changes: Any) -> str:
    return json.dumps({key: value for key, value in (MESSAGE | changes).items() if value != "drop"})


def test_read__message_of_the_specification__four_values(tmp_path: Path) -> None:
    received = read(tmp_path, message())
    assert received_rows(received) == [
        ("7", START_S, 187, 0),
        ("7", START_S + 900, 192, 0),
        ("7", START_S + 1800, 0, 0),
        ("7", START_S + 2700, 204, 0),
    ]
    assert received.quality.tolist() == [1, 1, 0, 2]
    assert (set(received.unit.tolist()), set(received.direction.tolist())) == ({Unit.WH}, {1})
    assert received.interval_s.tolist() == [900] * 4


@pytest.mark.parametrize("indent", [None, 2])
def test_read__object_on_one_line_or_many__is_the_same(tmp_path: Path, indent: int | None) -> None:
    assert len(read(tmp_path, json.dumps(MESSAGE, indent=indent)).row) == 4


def test_read__lines__number_their_values_through(tmp_path: Path) -> None:
    received = read(tmp_path, message() + "\n\nnonsense\n" + message(device=8) + "\n")
    assert received.devices == ("7", "8")
    assert received.row.tolist() == [1, 2, 3, 4, 6, 7, 8, 9]
    assert broken_rows(received) == [(5, "R_SYNTAX", "")]
    assert received.texts[5].strip() == "nonsense"


def test_read__decimals__stay_exact(tmp_path: Path) -> None:
    text = message(unit="kWh", est=[]).replace("[187, 192, null, 204]", "[0.1870, 1.0004069e-07, 1E2, -0.5]")
    received = read(tmp_path, text)
    numbers = list(zip(received.mantissa.tolist(), received.exponent.tolist(), strict=True))
    assert numbers == [(1870, -4), (10_004_069, -14), (1, 2), (-5, -1)]


@pytest.mark.parametrize("value", ["true", '"187"', '"=1+1"', "1234567890123456", "0.1234567890123456789", "[1]", "{}"])
def test_read__value_that_is_no_number__is_refused_alone(tmp_path: Path, value: str) -> None:
    received = read(tmp_path, message().replace("192", value))
    assert broken_rows(received) == [(2, "R_SYNTAX", "values")]
    assert received.row.tolist() == [1, 3, 4]
    assert received.start_s.tolist() == [START_S, START_S + 1800, START_S + 2700]


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"v": 2}, "R_SYNTAX", "v"),
        ({"v": True}, "R_SYNTAX", "v"),
        ({"device": ""}, "R_SYNTAX", "device"),
        ({"device": "drop"}, "R_SYNTAX", "device"),
        ({"dir": 6}, "R_SYNTAX", "dir"),
        ({"dir": -1}, "R_SYNTAX", "dir"),
        ({"kind": "register"}, "R_SYNTAX", "kind"),
        ({"unit": "BTU"}, "U_UNKNOWN", "unit"),
        ({"from": "yesterday"}, "R_SYNTAX", "from"),
        ({"step": 0}, "R_STEP", "step"),
        ({"step": "drop"}, "R_STEP", "step"),
        ({"est": [4]}, "R_SYNTAX", "est"),
        ({"est": [True]}, "R_SYNTAX", "est"),
    ],
)
def test_read__wrong_message__breaks_all_of_its_values(
    tmp_path: Path, changes: dict[str, Any], code: str, field: str
) -> None:
    received = read(tmp_path, message() + "\n" + message(**changes))
    assert broken_rows(received) == [(row, code, field) for row in (5, 6, 7, 8)]
    assert received.rows_in == 8


@pytest.mark.parametrize("values", [[], 5, {"a": 1}])
def test_read__no_list_of_values__is_one_broken_row(tmp_path: Path, values: Any) -> None:
    received = read(tmp_path, message() + "\n" + message(values=values))
    assert broken_rows(received) == [(5, "R_SYNTAX", "values")]


@pytest.mark.parametrize(
    ("start", "code"), [("2026-10-25T02:15:00", "T_AMBIGUOUS"), ("2026-03-29T02:15:00", "T_NONEXISTENT")]
)
def test_read__single_message_without_offset__cannot_say_which_hour(tmp_path: Path, start: str, code: str) -> None:
    flow = FlowConfig(syntax="json", unit=None, clock="Europe/Rome")
    received = read(tmp_path, message() + "\n" + message(**{"from": start}), flow)
    assert {one.code for one in received.broken} == {code}


def test_read__registers__have_times(tmp_path: Path) -> None:
    times = ["2026-03-29T00:00:00Z", "2026-03-29T00:15:07+00:00"]
    text = message(kind="register", values=[1000, 1180], times=times, est=[], step="drop", **{"from": "drop"})
    path = tmp_path / "payload"
    path.write_text(text)
    received = read_batch(path, FlowConfig(syntax="json", kind="register"))
    assert isinstance(received, ReceivedRegisters)
    assert received.at_s.tolist() == [START_S, START_S + 907]
    assert received.mantissa.tolist() == [1000, 1180]


def test_read__unknown_names__are_reported(tmp_path: Path) -> None:
    assert read(tmp_path, message(fw="1.2")).ignored_columns == ("fw",)


@pytest.mark.parametrize(
    "text",
    ["", "\n", "[]", "null", "{", '{"v":1,"v":1}', '{"v": NaN}', "[" * 100_000, '{"a":' * 100_000 + "}", "1" * 5000],
)
def test_read__no_message_at_all__refuses_the_payload(tmp_path: Path, text: str) -> None:
    assert refusal_of(lambda: read(tmp_path, text)) == "F_SCHEMA"


def test_read__name_twice_in_one_message__breaks_it(tmp_path: Path) -> None:
    received = read(tmp_path, message() + "\n" + '{"v":1,"device":"7","device":"8","values":[1]}')
    assert [one.row for one in received.broken] == [5]
