"""Tables of weather: what is stored, and what is refused."""

from pathlib import Path

import pytest

from gettone.metering.flow import FlowConfig
from oracle.weather.weather_file import Signal, WeatherFile, WeatherValue, read

pytestmark = pytest.mark.unit

SIGNALS = {"temperature": Signal(11, -1, -900, 700), "irradiance": Signal(12, 0, 0, 1600)}
SLOT = 1_971_936  # 2026-03-29T00:00Z
HEADER = "station;timestamp;signal;value\n"
FLOW = FlowConfig(syntax="csv", separator=";", decimal=",", null_marks=("",))


def read_text(tmp_path: Path, text: str) -> WeatherFile:
    path = tmp_path / "payload"
    path.write_text(text)
    return read(path, FLOW, SIGNALS)


def test_read__values__are_stored_in_tenths_half_even(tmp_path: Path) -> None:
    rows = "R;2026-03-29T00:00:00Z;temperature;21,55\nR;2026-03-29T02:15:00+02:00;temperature;-0,25\n"
    found = read_text(tmp_path, HEADER + rows)
    assert found.values == [WeatherValue("R", SLOT, 11, 216, 1), WeatherValue("R", SLOT + 1, 11, -2, 1)]


def test_read__null_mark__withdraws(tmp_path: Path) -> None:
    assert read_text(tmp_path, HEADER + "R;2026-03-29T00:00:00Z;irradiance;\n").values == [
        WeatherValue("R", SLOT, 12, 0, 0)
    ]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (";2026-03-29T00:00:00Z;irradiance;1", "R_SYNTAX"),
        ("R;2026-03-29T00:00:00;irradiance;1", "R_SYNTAX"),
        ("R;2026-03-29T00:07:00Z;irradiance;1", "T_MISALIGNED"),
        ("R;2026-03-29T00:00:00Z;rain;1", "U_UNKNOWN"),
        ("R;2026-03-29T00:00:00Z;irradiance;1.5", "R_SYNTAX"),
        ("R;2026-03-29T00:00:00Z;irradiance;1601", "R_RANGE"),
        ("R;2026-03-29T00:00:00Z;temperature;-90,1", "R_RANGE"),
        ("R;2026-03-29T00:00:00Z;irradiance", "R_SYNTAX"),
    ],
)
def test_read__broken_row__is_refused_alone(tmp_path: Path, row: str, code: str) -> None:
    found = read_text(tmp_path, f"{HEADER}{row}\nR;2026-03-29T01:00:00Z;irradiance;5\n")
    assert [(one.row, str(one.code)) for one in found.broken] == [(2, code)]
    assert len(found.values) == 1
    assert found.rows == 2


def test_read__same_slot_twice__equal_is_one_and_different_is_none(tmp_path: Path) -> None:
    same = "R;2026-03-29T00:00:00Z;irradiance;5\n" * 2
    other = "R;2026-03-29T00:15:00Z;irradiance;5\nR;2026-03-29T00:15:00Z;irradiance;6\n"
    found = read_text(tmp_path, HEADER + same + other)
    assert (len(found.values), found.equal, [one.code for one in found.broken]) == (1, 1, ["D_CONFLICT"] * 2)
