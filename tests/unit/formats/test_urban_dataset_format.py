"""UrbanDatasets of meter readings: exact text, the zone of the context, the property map of the flow."""

import json
from pathlib import Path
from typing import Any

import pytest

from gettone.metering.codes import Code
from gettone.metering.flow import FlowConfig
from gettone.metering.received import Received, ReceivedRegisters, Unit
from oracle.formats.registry import read_batch
from oracle.payload.urban import clock_of
from tests.factories.payloads import broken_rows, received_rows, refusal_of
from tests.factories.urban_dataset import dataset_of, line_of, quarter_lines

pytestmark = pytest.mark.unit

OPTIONS = (
    ("property.PODID", "device"),
    ("property.ActiveEnergy", "value"),
    ("property.ElectricConsumption", "value"),
    ("dataset", "ElectricMeterReading-2.0"),
)
FLOW = FlowConfig(syntax="urban_dataset", unit=None, options=OPTIONS)
POD = "IT001E00000001"
START_S = 1_774_738_800  # 2026-03-29T00:00 at UTC+1


def read(tmp_path: Path, document: Any, flow: FlowConfig = FLOW) -> Received:
    path = tmp_path / "payload"
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    received = read_batch(path, flow)
    assert isinstance(received, Received)
    return received


def test_read__fixed_offset__exact_rows_in_utc(tmp_path: Path) -> None:
    received = read(tmp_path, dataset_of(quarter_lines("2026-03-29", ["0.187", "1"])))
    assert received_rows(received) == [(POD, START_S, 187, -3), (POD, START_S + 900, 1, 0)]
    assert received.interval_s.tolist() == [900, 900]
    assert received.unit.tolist() == [Unit.KWH, Unit.KWH]


def test_read__units_of_several_properties__are_those_of_each(tmp_path: Path) -> None:
    other = line_of("2026-03-29T00:00:00", "2026-03-29T01:00:00", PODID="B", ElectricConsumption="250")
    received = read(tmp_path, dataset_of([*quarter_lines("2026-03-29", ["1"]), other]))
    assert received.unit.tolist() == [Unit.KWH, Unit.WH]
    assert received.interval_s.tolist() == [900, 3600]


def test_read__zone_with_summer_time__order_tells_the_repeated_hour_apart(tmp_path: Path) -> None:
    lines = quarter_lines("2026-10-25", ["1"] * 12) + quarter_lines("2026-10-25", ["2"] * 4, hour=2)
    received = read(tmp_path, dataset_of(lines, "Europe/Rome"))
    assert [start // 900 for start in received.start_s.tolist()] == list(range(1_992_088, 1_992_104))
    assert received.notes == {Code.T_ORDER: 8}


def test_read__zone_with_summer_time__one_run_is_ambiguous(tmp_path: Path) -> None:
    received = read(tmp_path, dataset_of(quarter_lines("2026-10-25", ["1"] * 12), "Europe/Rome"))
    assert [(one.row, str(one.code)) for one in received.broken] == [(row, "T_AMBIGUOUS") for row in range(9, 13)]


@pytest.mark.parametrize(
    ("line", "code", "field"),
    [
        ("text", "R_SYNTAX", "line"),
        ({}, "R_SYNTAX", "property"),
        (line_of("2026-03-29T00:00:00", "2026-03-29T00:15:00", PODID="A"), "R_SYNTAX", "property"),
        (line_of("2026-03-29T00:00:00", "2026-03-29T00:15:00", ActiveEnergy="1"), "R_SYNTAX", "device"),
        (line_of("2026-03-29T00:00:00", "2026-03-29T00:00:00", PODID="A", ActiveEnergy="1"), "R_STEP", "period"),
        (line_of("2026-03-29", "2026-03-30", PODID="A", ActiveEnergy="1"), "R_SYNTAX", "start_ts"),
        (line_of("2026-03-29T00:00:00", "2026-03-29T00:15:00", PODID="A", ActiveEnergy=1), "R_SYNTAX", "ActiveEnergy"),
        (
            line_of("2026-03-29T00:00:00", "2026-03-29T00:15:00", PODID="A", ActiveEnergy="=1"),
            "R_SYNTAX",
            "ActiveEnergy",
        ),
        (
            line_of("2026-03-29T00:00:00", "2026-03-29T00:15:00", PODID="A", ActiveEnergy="1", ElectricConsumption="1"),
            "R_SYNTAX",
            "ElectricConsumption",
        ),
        ({"property": [{"name": "PODID", "val": "A"}, {"name": "ActiveEnergy", "val": "1"}]}, "R_SYNTAX", "timestamp"),
    ],
)
def test_read__broken_line__is_refused_alone(tmp_path: Path, line: Any, code: str, field: str) -> None:
    received = read(tmp_path, dataset_of([line, *quarter_lines("2026-03-29", ["1"])]))
    assert broken_rows(received) == [(1, code, field)]
    assert received.row.tolist() == [2]


def test_read__nested_property__counts_like_any_other(tmp_path: Path) -> None:
    line = line_of("2026-03-29T00:00:00", "2026-03-29T00:15:00", PODID="A")
    line["property"].append({"name": "Meter", "property": [{"name": "ActiveEnergy", "val": "1.5"}]})
    assert received_rows(read(tmp_path, dataset_of([line]))) == [("A", START_S, 15, -1)]


def test_read__timestamp_alone__needs_the_step_of_the_flow(tmp_path: Path) -> None:
    line = line_of("", "", PODID="A", ActiveEnergy="1") | {"timestamp": "2026-03-29T00:15:00"}
    del line["period"]
    flow = FlowConfig(syntax="urban_dataset", unit=None, options=OPTIONS, step_s=900, label="end")
    assert received_rows(read(tmp_path, dataset_of([line]), flow)) == [("A", START_S, 1, 0)]


def test_read__registers__stand_at_the_end_of_their_period(tmp_path: Path) -> None:
    path = tmp_path / "payload"
    path.write_text(json.dumps(dataset_of(quarter_lines("2026-03-29", ["12345.6"]))))
    received = read_batch(path, FlowConfig(syntax="urban_dataset", kind="register", unit=None, options=OPTIONS))
    assert isinstance(received, ReceivedRegisters)
    assert received.at_s.tolist() == [START_S + 900]


WHOLE = dataset_of(quarter_lines("2026-03-29", ["1"]))


@pytest.mark.parametrize(
    "document",
    [
        "",
        "[]",
        "{}",
        '{"UrbanDataset": []}',
        json.dumps(WHOLE)[:-3],
        json.dumps(WHOLE).replace('"line"', '"lines"'),
        json.dumps(WHOLE).replace("UTC+1", "somewhere"),
        json.dumps(WHOLE).replace("UTC+1", "UTC+25"),
        json.dumps(WHOLE).replace('"val": "1"', '"val": "1", "val": "2"'),
        json.dumps(dataset_of([], identity="BuildingElectricConsumption-2.0")),
    ],
)
def test_read__no_such_data_set__is_refused_whole(tmp_path: Path, document: str) -> None:
    assert refusal_of(lambda: read(tmp_path, document)) == "F_SCHEMA"


def test_read__map_without_a_value__is_refused(tmp_path: Path) -> None:
    flow = FlowConfig(syntax="urban_dataset", unit=None, options=(("property.PODID", "device"),))
    assert refusal_of(lambda: read(tmp_path, WHOLE, flow)) == "F_SCHEMA"


@pytest.mark.parametrize(
    ("zone", "clock"), [("UTC", "utc"), ("UTC+1", "+01:00"), ("UTC+01:00", "+01:00"), ("GMT-3", "-03:00")]
)
def test_clock_of__offset_in_any_spelling__is_one(zone: str, clock: str) -> None:
    assert clock_of(zone) == clock
