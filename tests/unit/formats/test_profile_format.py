"""The built-in profile, and Parquet with columns of any type."""

from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gettone.metering.flow import FlowConfig
from gettone.metering.received import Received
from oracle.formats import registry
from oracle.formats.registry import read_batch, reader_of, syntaxes
from tests.factories.payloads import broken_rows, gzip_of, received_rows, refusal_of, zip_of

pytestmark = pytest.mark.unit

PROFILE = (
    "device,timestamp_utc,interval_s,energy_wh\nA,2016-09-01T00:00:00Z,900,5\nB,2016-09-01T02:00:00+02:00,900,-6\n"
)
ROWS = [("A", 1_472_688_000, 5, 0), ("B", 1_472_688_000, -6, 0)]


def read(path: Path, flow: FlowConfig | None = None) -> Received:
    received = read_batch(path, flow or FlowConfig())
    assert isinstance(received, Received)
    return received


def parquet(path: Path, **columns: Any) -> Path:
    defaults = {
        "device": ["A"],
        "timestamp_utc": ["2016-09-01T00:00:00Z"],
        "interval_s": [900],
        "energy_wh": [5],
    }
    pq.write_table(pa.table(defaults | columns), path)
    return path


@pytest.mark.parametrize("pack", [lambda content: content, gzip_of, zip_of])
def test_profile__plain_gzip_and_zip__are_read_alike(tmp_path: Path, pack: Any) -> None:
    path = tmp_path / "p"
    path.write_bytes(pack(PROFILE.encode()))
    assert received_rows(read(path)) == ROWS


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        ("A,2016-09-01T00:00:00,900,5", "R_SYNTAX", "timestamp_utc"),
        ("A,2016-09-01T00:00:00.5Z,900,5", "R_SYNTAX", "timestamp_utc"),
        ("A,2016-09-01T00:00:00Z,0,5", "R_STEP", "interval_s"),
        ("A,2016-09-01T00:00:00Z,86401,5", "R_STEP", "interval_s"),
        ("A,2016-09-01T00:00:00Z,٩,5", "R_STEP", "interval_s"),
        ("A,2016-09-01T00:00:00Z,900,5.0", "R_SYNTAX", "energy_wh"),
        ("A,2016-09-01T00:00:00Z,900,", "R_SYNTAX", "energy_wh"),
        ("A,2016-09-01T00:00:00Z,900,99999999999999999999", "R_SYNTAX", "energy_wh"),
    ],
)
def test_profile__broken_row__is_refused_with_reason(tmp_path: Path, row: str, code: str, column: str) -> None:
    path = tmp_path / "p"
    path.write_text(PROFILE + row + "\n", encoding="utf-8")
    assert broken_rows(read(path)) == [(4, code, column)]


def test_profile__other_unit__is_refused(tmp_path: Path) -> None:
    path = tmp_path / "p"
    path.write_text("device,timestamp_utc,interval_s,energy_wh,unit\nA,2016-09-01T00:00:00Z,900,5,kWh\n")
    assert broken_rows(read(path)) == [(2, "U_UNKNOWN", "unit")]


def test_profile__declared_missing__needs_no_number(tmp_path: Path) -> None:
    path = tmp_path / "p"
    path.write_text("device,timestamp_utc,interval_s,energy_wh,quality\nA,2016-09-01T00:00:00Z,900,,missing\n")
    received = read(path)
    assert (received.quality.tolist(), received.mantissa.tolist()) == ([0], [0])


@pytest.mark.parametrize(
    "stamp",
    [
        pa.array(["2016-09-01T00:00:00Z"]),
        pa.array(["2016-09-01T00:00:00Z"]).dictionary_encode(),
        pa.array([1_472_688_000_000_000], pa.timestamp("us", "UTC")),
        pa.array([1_472_688_000], pa.timestamp("s", "Europe/Rome")),
        pa.array([datetime(2016, 9, 1, 2, tzinfo=timezone(timedelta(hours=2)))]),
    ],
)
def test_profile__parquet_instants_of_any_type__are_the_same(tmp_path: Path, stamp: pa.Array) -> None:
    assert received_rows(read(parquet(tmp_path / "p", timestamp_utc=stamp))) == ROWS[:1]


@pytest.mark.parametrize(
    "wrong",
    [
        {"timestamp_utc": pa.array([1_472_688_000_000], pa.timestamp("ms"))},
        {"timestamp_utc": pa.array([1_472_688_000_001], pa.timestamp("ms", "UTC"))},
        {"timestamp_utc": pa.array([None], pa.string())},
        {"energy_wh": pa.array([5.5])},
        {"energy_wh": pa.array([5.0])},
        {"energy_wh": pa.array([None], pa.int64())},
        {"energy_wh": pa.array([10**15], pa.int64())},
        {"device": pa.array([None], pa.string())},
        {"interval_s": pa.array([-900])},
    ],
)
def test_profile__parquet_value_that_is_none__breaks_its_row(tmp_path: Path, wrong: dict[str, Any]) -> None:
    received = read(parquet(tmp_path / "p", **wrong))
    assert [one.row for one in received.broken] == [1]
    assert received.rows_in == 1


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (pa.array([0.187]), (187, -3)),
        (pa.array([1.0004069e-07]), (10_004_069, -14)),
        (pa.array([Decimal("0.0005")]), (5, -4)),
        (pa.array(["0,187"]), (187, -3)),
        (pa.array(["0,187"], pa.large_string()), (187, -3)),
        (pa.array([0.25], pa.float32()), (25, -2)),
        (pa.array(["0,187"]).dictionary_encode(), (187, -3)),
        (pa.array([7], pa.uint8()), (7, 0)),
    ],
)
def test_parquet__numbers_of_any_type__stay_exact(tmp_path: Path, column: pa.Array, expected: tuple[int, int]) -> None:
    flow = FlowConfig(
        syntax="parquet",
        unit="kWh",
        decimal=",",
        separator=";",
        columns=(("timestamp", "timestamp_utc"), ("value", "kwh")),
    )
    received = read(parquet(tmp_path / "p", kwh=column), flow)
    assert (int(received.mantissa[0]), int(received.exponent[0])) == expected
    assert received.ignored_columns == ("energy_wh",)


def test_parquet__half_written__refuses_the_file(tmp_path: Path) -> None:
    path = parquet(tmp_path / "p")
    path.write_bytes(path.read_bytes()[:-20])
    assert refusal_of(lambda: read(path)) == "F_SCHEMA"


@pytest.mark.parametrize(
    "column",
    [
        pa.array([[5]]),
        pa.array([True]),
        pa.array([b"5"]),
        pa.array([None]),
        pa.array([timedelta(5)]),
        pa.array([1.5], pa.float16()),
    ],
)
def test_parquet__column_of_no_single_numbers__refuses_the_file(tmp_path: Path, column: pa.Array) -> None:
    assert refusal_of(lambda: read(parquet(tmp_path / "p", energy_wh=column))) == "F_COLUMN"


def test_parquet__text_that_is_none__refuses_the_file(tmp_path: Path) -> None:
    path = parquet(tmp_path / "p", device=["Città"])
    path.write_bytes(path.read_bytes().replace("à".encode(), b"\xe0\xe0"))
    assert refusal_of(lambda: read(path)) == "F_SCHEMA"


def test_registry__every_syntax__has_a_reader() -> None:
    assert {"profile", "csv", "json", "parquet"} <= set(syntaxes())
    assert all(callable(reader_of(one)) for one in syntaxes())


def test_registry__new_file__is_a_new_syntax(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "flat.py").write_text("def read(payload, flow):\n    return 'rows'\n")
    monkeypatch.setattr(registry.oracle.formats, "__path__", [*registry.oracle.formats.__path__, str(tmp_path)])
    assert reader_of("flat")(tmp_path, FlowConfig()) == "rows"
