"""Files against their formats: one sentence each, with file, row and reason; exit status 2."""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from cli.main import app
from gettone.engine.json_files import read_json, read_model
from gettone.errors import InputError
from gettone.periods import parse_period
from gettone.rewards.model import parse_model
from oracle.reward_files.members import read_members
from oracle.reward_files.readings import read_community

pytestmark = pytest.mark.unit

DAY = parse_period("2026-01-15", "UTC")
MODEL = parse_model({"kind": "self_consumption", "mode": "pool", "budget_units": 10})
HEADER = "device,timestamp_utc,interval_s,energy_wh"
MEMBERS = "member_id,device,from,to,contract_power_w\nA,d1,,,3000\nB,d2,,,0\n"
FIRST = "d1,2026-01-15T00:00:00Z,900,5"


def read(folder: Path, readings: str | bytes, members: str = MEMBERS, **options: Any) -> Any:
    (folder / "readings.csv").write_bytes(readings if isinstance(readings, bytes) else readings.encode())
    (folder / "members.csv").write_text(members, encoding="utf-8")
    memberships = read_members(folder / "members.csv", "UTC")
    rules = options.get("model", MODEL)
    return read_community(folder / "readings.csv", memberships, rules, DAY, "none")


@pytest.mark.parametrize(
    ("rows", "code", "sentence"),
    [
        ("d1,2026-01-15T00:00:00Z,900,5.0", "not_whole", "row 2: energy_wh is '5.0', and must be a whole number"),
        ("d1,2026-01-15T00:00:00Z,900,", "not_whole", "row 2: energy_wh is empty, and must be a whole number"),
        ("d1,2026-01-15T00:00:00Z,900,1e3", "not_whole", "row 2: energy_wh is '1e3'"),
        ("d1,2026-01-15T00:00:00Z,900,\u0665", "not_whole", "row 2: energy_wh is '\u0665'"),
        ("d1,2026-01-15T00:00:00Z,900,1000000000000000", "energy_range", "a whole number of at most 15 digits"),
        ("d1,2026-01-15T00:00:00Z,0,5", "interval_range", "row 2: interval_s is '0'"),
        ("d1,2026-01-15T00:00:00Z,15 min,5", "not_whole", "row 2: interval_s is '15 min'"),
        ("d1,2026-01-15T00:00:00,900,5", "timestamp_offset", "row 2: timestamp 2026-01-15T00:00:00 has no UTC offset"),
        ("d1,2026-01-15 00:00,900,5", "timestamp_offset", "row 2: timestamp 2026-01-15 00:00 has no UTC offset"),
        ("d1,15/01/2026 00:00,900,5", "timestamp_syntax", "row 2: timestamp '15/01/2026 00:00' is no instant"),
        ("d1,2026-02-30T00:00:00Z,900,5", "timestamp_syntax", "row 2: timestamp '2026-02-30T00:00:00Z' is no instant"),
        ("d1,2026-01-15T00:07:00Z,900,5", "timestamp_misaligned", "row 2: timestamp 2026-01-15T00:07:00Z does not"),
        (
            f"{FIRST}\nd1,2026-01-15T00:00:00Z,900,6",
            "slot_conflict",
            "row 3: device 'd1' has the slot 2026-01-15T00:00",
        ),
        (f"{FIRST}\nd1,2026-01-15T01:00:00+01:00,900,6", "slot_conflict", "row 3: device 'd1' has the slot"),
        (f"{FIRST}\nd9,2026-01-15T00:00:00Z,900,5", "device_unknown", "row 3: device 'd9' is in no row of the members"),
        ("d1,2026-01-15T00:00:00Z,7200,5", "interval_too_long", "row 2: device 'd1' has readings of 7200 s, longer"),
        (f"{FIRST}\nd1,2026-01-15T01:00:00Z,3600,5", "interval_changed", "row 3: device 'd1' changes its interval"),
        ("d1,2026-01-16T00:00:00Z,900,5", "period_without_readings", "holds no reading inside the period"),
        ("d1,2026-01-15T00:00:00Z,900", "row_width", "row 2: the row has 3 fields, and the header has 4"),
        (",2026-01-15T00:00:00Z,900,5", "device_missing", "row 2: device is empty"),
        ("", "period_without_readings", "holds no reading"),
    ],
)
def test_readings__row_against_the_format__is_named(tmp_path: Path, rows: str, code: str, sentence: str) -> None:
    with pytest.raises(InputError) as refusal:
        read(tmp_path, f"{HEADER}\n{rows}\n")
    assert (refusal.value.code, refusal.value.exit_status) == (code, 2)
    assert str(tmp_path / "readings.csv") in refusal.value.message
    assert sentence in refusal.value.message


@pytest.mark.parametrize(
    ("content", "code", "sentence"),
    [
        (b"device,timestamp_utc,interval_s,energy_kwh\n", "f_column", "has no column 'energy_wh'"),
        (b"device;timestamp_utc;interval_s;energy_wh\n", "f_column", "has no column 'device'"),
        (b"", "f_schema", "is empty"),
        (b"device,device,timestamp_utc,interval_s,energy_wh\n", "f_column", "has the column 'device' twice"),
        (b"\xff\xfe\x00d", "f_encoding", "is not text in utf-8"),
        (gzip.compress(HEADER.encode() * 99, mtime=0)[:40], "f_zip", "damaged or cut short"),
        (b"PAR1 and nothing else", "f_schema", "is no complete Parquet file"),
        (HEADER.encode() + b",unit\nd1,2026-01-15T00:00:00Z,900,5,kWh\n", "unit", "row 2: unit is 'kWh'"),
        (HEADER.encode() + b",quality\nd1,2026-01-15T00:00:00Z,900,5,good\n", "quality", "row 2: quality is 'good'"),
        (HEADER.encode() + b'\n"d1,2026', "f_schema", "breaks the quoting of delimited text"),
    ],
)
def test_readings__file_against_the_format__is_named(tmp_path: Path, content: bytes, code: str, sentence: str) -> None:
    with pytest.raises(InputError) as refusal:
        read(tmp_path, content)
    assert refusal.value.code == code
    assert sentence in refusal.value.message
    assert str(tmp_path / "readings.csv") in refusal.value.message


@pytest.mark.parametrize(
    ("rows", "code", "sentence"),
    [
        ("A,d1,2026-01-20,2026-01-20,0", "membership_empty", "row 2: the membership ends before it begins"),
        ("A,d1,,,3.5", "not_whole", "row 2: contract_power_w is '3.5'"),
        ("A,d1,,,", "not_whole", "row 2: contract_power_w is ''"),
        ("A,d1,20/01/2026,,0", "date_syntax", "row 2: from is '20/01/2026'"),
        (",d1,,,0", "member_field", "row 2: member_id is empty"),
        ("A,d1,,2026-01-16,0\nB,d1,2026-01-15,,0", "membership_overlap", "row 3: device 'd1' has another membership"),
    ],
)
def test_members__row_against_the_format__is_named(tmp_path: Path, rows: str, code: str, sentence: str) -> None:
    with pytest.raises(InputError) as refusal:
        read(tmp_path, f"{HEADER}\n{FIRST}\n", MEMBERS.splitlines()[0] + f"\n{rows}\n")
    assert refusal.value.code == code
    assert sentence in refusal.value.message
    assert str(tmp_path / "members.csv") in refusal.value.message


@pytest.mark.parametrize("text", ['{"kind": "a", "kind": "b"}', '{"budget_units": NaN}', "{", "[" * 100_000, "\ud800"])
def test_model__no_strict_json__is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "model.json"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(InputError) as refusal:
        read_model(path)
    assert refusal.value.code == "json_syntax"
    assert str(path) in refusal.value.message


def test_files__absent__sentence_with_the_reason(tmp_path: Path) -> None:
    for attempt in (lambda: read_json(tmp_path / "no.json"), lambda: read_members(tmp_path / "no.csv", "UTC")):
        with pytest.raises(InputError, match=r"cannot be read: .*No such file"):
            attempt()


def test_readings__several_faults__the_first_row_of_the_file_is_named(tmp_path: Path) -> None:
    rows = [FIRST, "d9,2026-01-15T00:00:00Z,900,5", "d1,2026-01-15T00:15:00Z,900,x", "d2,2026-01-15T00:07:00Z,900,5"]
    for faults in (rows, [rows[0], *reversed(rows[1:])]):
        with pytest.raises(InputError, match=r"readings\.csv, row 3: ") as refusal:
            read(tmp_path, "\n".join([HEADER, *faults, ""]))
        assert refusal.value.code in ("device_unknown", "timestamp_misaligned")


def test_readings__equal_row_twice__counts_once(tmp_path: Path) -> None:
    inputs = read(tmp_path, f"{HEADER}\n{FIRST}\n{FIRST}\n")
    assert inputs.community.series["d1"].readings == {DAY.start_s: 5}
    assert inputs.rejected == ()


def test_readings__offset_instead_of_z__is_the_same_instant(tmp_path: Path) -> None:
    inputs = read(tmp_path, f"{HEADER}\nd1,2026-01-15T02:00:00+02:00,900,-5\n")
    assert inputs.community.series["d1"].readings == {DAY.start_s: -5}


def test_readings__by_quality__only_actual_and_corrected_count(tmp_path: Path) -> None:
    words = ["missing", "actual", "estimated", "corrected", "substituted", "0", "1", "2", "3", "4", ""]
    rows = [f"d1,2026-01-15T{hour:02}:00:00Z,3600,{hour + 1},{word}" for hour, word in enumerate(words)]
    inputs = read(tmp_path, "\n".join([f"{HEADER},quality", *rows, ""]))
    assert sorted(inputs.community.series["d1"].readings.values()) == [2, 4, 7, 9, 11]


def test_readings__missing_without_energy__is_a_missing_slot(tmp_path: Path) -> None:
    rows = [f"{HEADER},quality", "d1,2026-01-15T00:00:00Z,900,,missing", ""]
    assert read(tmp_path, "\n".join(rows)).community.series["d1"].readings == {}


def test_readings__wrong_sign_on_a_one_way_register__set_aside_by_rule(tmp_path: Path) -> None:
    rows = [
        f"{HEADER},direction",
        "d2,2026-01-15T00:00:00Z,900,7,production",
        "d1,2026-01-15T00:15:00Z,900,-7,withdrawal",
        "d1,2026-01-15T00:00:00Z,900,7,1",
        "d1,2026-01-15T00:30:00Z,900,-7,exchange",
        "d1,2026-01-14T00:30:00Z,900,-7,load",
        "",
    ]
    inputs = read(tmp_path, "\n".join(rows))
    rejected = [(one.device, one.timestamp_utc, one.rule) for one in inputs.rejected]
    assert rejected == [("d1", "2026-01-15T00:15:00Z", "N_NEGATIVE"), ("d2", "2026-01-15T00:00:00Z", "N_POSITIVE")]
    assert inputs.community.series["d1"].readings == {DAY.start_s: 7, DAY.start_s + 1800: -7}


def test_readings__device_without_rows__takes_the_coarsest_interval(tmp_path: Path) -> None:
    series = read(tmp_path, f"{HEADER}\nd1,2026-01-15T00:00:00Z,3600,5\n").community.series
    assert (series["d2"].interval_s, series["d2"].readings) == (3600, {})


def parquet(path: Path, **columns: Any) -> Path:
    typed = {
        "device": ["d1", "d1"],
        "timestamp_utc": pa.array(
            [datetime(2026, 1, 15, hour, tzinfo=UTC) for hour in (0, 1)], pa.timestamp("ms", "UTC")
        ),
        "interval_s": pa.array([3600, 3600], pa.int32()),
        "energy_wh": pa.array([5, -6], pa.int32()),
        "note": [1.5, None],
    }
    pq.write_table(pa.table(typed | columns), path)
    return path


def test_parquet__typed_columns__same_readings_as_csv(tmp_path: Path) -> None:
    (tmp_path / "members.csv").write_text(MEMBERS, encoding="utf-8")
    members = read_members(tmp_path / "members.csv", "UTC")
    inputs = read_community(parquet(tmp_path / "r.parquet"), members, MODEL, DAY, "none")
    assert inputs.community.series["d1"].readings == {DAY.start_s: 5, DAY.start_s + 3600: -6}


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"energy_wh": [5.0, 6.0]}, "row 1: energy_wh is 5.0, and must be a whole number"),
        (
            {"timestamp_utc": pa.array([0, 3600], pa.timestamp("s"))},
            "timestamp 1970-01-01 00:00:00.000 has no UTC",
        ),
        ({"interval_s": [3600, None]}, "row 2: interval_s is empty"),
    ],
)
def test_parquet__wrong_types__row_is_named(tmp_path: Path, columns: dict[str, Any], sentence: str) -> None:
    (tmp_path / "members.csv").write_text(MEMBERS, encoding="utf-8")
    members = read_members(tmp_path / "members.csv", "UTC")
    with pytest.raises(InputError, match=r"r\.parquet") as refusal:
        read_community(parquet(tmp_path / "r.parquet", **columns), members, MODEL, DAY, "none")
    assert sentence in refusal.value.message


@pytest.mark.parametrize("name", ["readings", "members", "model"])
def test_command__broken_file__exit_status_2_and_nothing_on_stdout(tmp_path: Path, name: str) -> None:
    contents = {"readings": f"{HEADER}\n{FIRST}\n", "members": MEMBERS, "model": json.dumps(MODEL.to_document())}
    for one, text in (contents | {name: "broken"}).items():
        (tmp_path / one).write_text(text, encoding="utf-8")
    files = [text for one in contents for text in (f"--{one}", str(tmp_path / one))]
    result = CliRunner().invoke(app, ["rewards", "compute", *files, "--period", "2026-01-15", "--json"])
    assert isinstance(result.exception, InputError)
    assert (result.exception.exit_status, result.stdout) == (2, "")
    assert str(tmp_path / name) in result.exception.message


@pytest.mark.parametrize(
    "text", ['{"kind": "no_peaks", "mode": "pool", "budget_units": 1, "threshold_permille": 8000}', "{}", "["]
)
def test_read_model__wrong_content__names_the_file_once(tmp_path: Path, text: str) -> None:
    path = tmp_path / "model.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as refusal:
        read_model(path)
    assert refusal.value.message.count(str(path)) == 1
