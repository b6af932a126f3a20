"""CSV in the dialect of a flow: rows, refused rows, and files that are refused whole."""

from pathlib import Path

import pytest

from gettone.metering.codes import Code
from gettone.metering.flow import FlowConfig
from gettone.metering.received import NO_DIRECTION, Received, ReceivedRegisters, Unit
from oracle.formats.registry import read_batch
from tests.factories.payloads import broken_rows, gzip_of, received_rows, refusal_of, zip_of

pytestmark = pytest.mark.unit

ITALIAN = FlowConfig(
    syntax="csv",
    separator=";",
    encoding="cp1252",
    decimal=",",
    unit="kWh",
    clock="Europe/Rome",
    step_s=900,
    null_marks=("", "n.d."),
    columns=(("device", "Punto"), ("timestamp", "Data e ora"), ("value", "Energia")),
)
START_S = 1_774_742_400  # 2026-03-29T00:00:00Z


def file_of(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "payload"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def read(tmp_path: Path, text: str | bytes, flow: FlowConfig = ITALIAN) -> Received:
    received = read_batch(file_of(tmp_path, text), flow)
    assert isinstance(received, Received)
    return received


def test_read__italian_dialect__exact_numbers_in_utc(tmp_path: Path) -> None:
    text = "Punto;Data e ora;Energia;Città\nA;2026-03-29 01:00;0,187;x\nA;2026-03-29 01:15;1;x\n"
    received = read(tmp_path, text.encode("cp1252"))
    assert received_rows(received) == [("A", START_S, 187, -3), ("A", START_S + 900, 1, 0)]
    assert received.ignored_columns == ("Città",)
    assert received.unit.tolist() == [Unit.KWH, Unit.KWH]
    assert received.direction.tolist() == [NO_DIRECTION, NO_DIRECTION]
    assert received.row.tolist() == [2, 3]


@pytest.mark.parametrize(
    ("field", "code", "column"),
    [
        ("A;2026-03-29 02:15;1", "T_NONEXISTENT", "Data e ora"),
        ("A;2026-10-25 02:15;1", "T_AMBIGUOUS", "Data e ora"),
        ("A;29/03/2026 02:15;1", "R_SYNTAX", "Data e ora"),
        ("A;2026-02-30 02:15;1", "R_SYNTAX", "Data e ora"),
        (";2026-03-29 01:15;1", "R_SYNTAX", "Punto"),
        ("A;2026-03-29 01:15;=1+1", "R_SYNTAX", "Energia"),
        ("A;2026-03-29 01:15;1.5", "R_SYNTAX", "Energia"),
        ("A;2026-03-29 01:15;1234567890123456", "R_SYNTAX", "Energia"),
        ("A;2026-03-29 01:15", "R_SYNTAX", ""),
        ("A;2026-03-29 01:15;1;2", "R_SYNTAX", ""),
    ],
)
def test_read__broken_row__is_refused_alone(tmp_path: Path, field: str, code: str, column: str) -> None:
    received = read(tmp_path, f"Punto;Data e ora;Energia\nA;2026-03-29 01:00;1\n{field}\nA;2026-03-29 01:30;2\n")
    assert broken_rows(received) == [(3, code, column)]
    assert received.row.tolist() == [2, 4]
    assert received.rows_in == 3
    assert field.rsplit(";", maxsplit=1)[-1] in received.texts[3]


def test_read__null_mark__is_declared_missing(tmp_path: Path) -> None:
    received = read(tmp_path, "Punto;Data e ora;Energia\nA;2026-03-29 01:00;n.d.\nA;2026-03-29 01:15;\n")
    assert received.quality.tolist() == [0, 0]
    assert not received.broken


def test_read__repeated_hour_in_order__is_told_apart_and_noted(tmp_path: Path) -> None:
    labels = [f"2026-10-25 02:{minute:02}" for _ in range(2) for minute in (0, 15, 30, 45)]
    received = read(tmp_path, "Punto;Data e ora;Energia\n" + "".join(f"A;{label};1\n" for label in labels))
    assert [start // 900 for start in received.start_s.tolist()] == list(range(1_992_096, 1_992_104))
    assert received.notes == {Code.T_ORDER: 8}


def test_read__repeated_hour_of_two_devices__each_has_its_own_runs(tmp_path: Path) -> None:
    rows = [f"{device};2026-10-25 02:{minute};1\n" for _ in range(2) for minute in ("00", "30") for device in "AB"]
    received = read(tmp_path, "Punto;Data e ora;Energia\n" + "".join(rows))
    assert not received.broken
    assert received.start_s[received.device == 0].tolist() == received.start_s[received.device == 1].tolist()


def test_read__end_labels__start_an_interval_earlier(tmp_path: Path) -> None:
    flow = FlowConfig(syntax="csv", label="end", clock="+01:00", columns=(("value", "v"),))
    received = read(tmp_path, "device,timestamp,interval_s,v\nA,2026-03-29 24:00,3600,5\n", flow)
    assert received.start_s.tolist() == [START_S + 22 * 3600]


def test_read__stated_layout__reads_other_labels(tmp_path: Path) -> None:
    flow = FlowConfig(syntax="csv", step_s=900, options=(("device", "A"), ("time_layout", "%d/%m/%Y %H:%M")))
    received = read(tmp_path, "timestamp,value\n29/03/2026 00:00,5\n2026-03-29 00:00,5\n", flow)
    assert received_rows(received) == [("A", START_S, 5, 0)]
    assert broken_rows(received) == [(3, "R_SYNTAX", "timestamp")]


def test_read__registers__keep_the_instant_of_reading(tmp_path: Path) -> None:
    flow = FlowConfig(syntax="csv", kind="register", unit="kWh")
    received = read_batch(file_of(tmp_path, "device,timestamp,value\nA,2026-03-29T00:00:00Z,12345.600\n"), flow)
    assert isinstance(received, ReceivedRegisters)
    assert (received.at_s.tolist(), received.mantissa.tolist(), received.exponent.tolist()) == (
        [START_S],
        [12_345_600],
        [-3],
    )


@pytest.mark.parametrize(
    ("rows", "expected", "rejected"),
    [
        ('"A","2026-03-29T00:00:00Z",900,"5"\n', [2], []),
        ('A,2026-03-29T00:00:00Z,900,5\n"A ""x"""\n', [2], [3]),
        ('"A\nB",2026-03-29T00:00:00Z,900,5\nC,2026-03-29T00:00:00Z,900,5\n', [3, 4], []),
        ("\nA,2026-03-29T00:00:00Z,900,5\n\n\nB,2026-03-29T00:00:00Z,900,5\n\n", [3, 6], []),
        ("A,2026-03-29T00:00:00Z,900,5\r\n\r\nB,2026-03-29T00:00:00Z,900,5", [2, 4], []),
        (",,,\nA,2026-03-29T00:00:00Z,900,5\n", [3], [2]),
        ("A\nB\n", [], [2, 3]),
        ("", [], []),
    ],
)
def test_read__quotes_and_blank_lines__numbers_stay_lines(
    tmp_path: Path, rows: str, expected: list[int], rejected: list[int]
) -> None:
    received = read(tmp_path, "device,timestamp,interval_s,value\n" + rows, FlowConfig(syntax="csv"))
    assert received.row.tolist() == expected
    assert [one.row for one in received.broken] == rejected


@pytest.mark.parametrize(
    "rows",
    ['A,"2026-03-29T00:00:00Z,900,5\nB,2026-03-29T00:00:00Z,900,5\n', 'A"x",2026-03-29T00:00:00Z,"9"00,5\n"'],
)
def test_read__quote_that_never_closes__refuses_the_file(tmp_path: Path, rows: str) -> None:
    path = file_of(tmp_path, "device,timestamp,interval_s,value\n" + rows)
    assert refusal_of(lambda: read_batch(path, FlowConfig(syntax="csv"))) == "F_SCHEMA"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "F_SCHEMA"),
        (b"\n\n", "F_SCHEMA"),
        (b"device,timestamp,interval_s\n", "F_COLUMN"),
        (b"device,device,timestamp,interval_s,value\n", "F_COLUMN"),
        (b"device,timestamp,interval_s,value\nA\xff,2026-03-29T00:00:00Z,900,5\n", "F_ENCODING"),
        (b"PK\x03\x04 no zip at all", "F_ZIP"),
        (b"\x1f\x8b no gzip", "F_ZIP"),
        (gzip_of(b"device,timestamp,interval_s,value\n" * 100)[:-9], "F_ZIP"),
        (gzip_of(b"device,timestamp,interval_s,value\n" + b"\n" * 5_000_000), "F_ZIP"),
        (zip_of(b"device,timestamp,interval_s,value\n" + b"0" * 5_000_000), "F_ZIP"),
        (b"\x00\x01\x02", "F_COLUMN"),
    ],
)
def test_read__unusable_file__is_refused_with_its_code(tmp_path: Path, content: bytes, code: str) -> None:
    path = file_of(tmp_path, content)
    assert refusal_of(lambda: read_batch(path, FlowConfig(syntax="csv"))) == code


def test_read__unknown_name_in_the_map__refuses_the_file(tmp_path: Path) -> None:
    flow = FlowConfig(syntax="csv", columns=(("energy", "E"),))
    assert refusal_of(lambda: read_batch(file_of(tmp_path, "a,b\n"), flow)) == "F_SCHEMA"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_read__stated_encoding__is_decoded(tmp_path: Path, encoding: str) -> None:
    text = "device,timestamp,interval_s,value\nCittà,2026-03-29T00:00:00Z,900,5\n"
    received = read(tmp_path, text.encode(encoding), FlowConfig(syntax="csv", encoding=encoding))
    assert received.devices == ("Città",)


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/cron.d/x", "a\\..\\b", "IT001E00000001.csv"])
def test_read__path_in_a_zip__is_never_used(tmp_path: Path, name: str) -> None:
    path = file_of(tmp_path, zip_of(b"device,timestamp,interval_s,value\nA,2026-03-29T00:00:00Z,900,5\n", name))
    before = sorted(tmp_path.rglob("*"))
    received = read_batch(path, FlowConfig(syntax="csv"))
    assert len(received.row) == 1
    assert sorted(tmp_path.rglob("*")) == before


def test_read__words_and_numbers__of_quality_direction_unit(tmp_path: Path) -> None:
    header = "device,timestamp,interval_s,value,quality,direction,unit\n"
    rows = "A,2026-03-29T00:00:00Z,900,5,estimated,1,kWh\nA,2026-03-29T00:15:00Z,900,5,3,injection,W\n"
    wrong = "A,2026-03-29T00:30:00Z,900,5,good,1,kWh\nA,2026-03-29T00:45:00Z,900,5,1,6,kWh\n"
    wrong += "A,2026-03-29T01:00:00Z,900,5,,,BTU\n"
    received = read(tmp_path, header + rows + wrong, FlowConfig(syntax="csv", unit=None))
    assert received.quality.tolist() == [2, 3]
    assert received.direction.tolist() == [1, 2]
    assert received.unit.tolist() == [Unit.KWH, Unit.W]
    assert broken_rows(received) == [(4, "R_SYNTAX", "quality"), (5, "R_SYNTAX", "direction"), (6, "U_UNKNOWN", "unit")]


def test_read__own_words_of_the_source__are_those_of_the_flow(tmp_path: Path) -> None:
    flow = FlowConfig(
        syntax="csv",
        columns=(("direction", "role"),),
        options=(("direction.consumption", "withdrawal"), ("direction.production", "injection")),
    )
    header = "device,timestamp,interval_s,value,role\n"
    rows = "A,2026-03-29T00:00:00Z,300,5,consumption\nA,2026-03-29T00:00:00Z,300,-5,production\n"
    received = read(tmp_path, header + rows + "A,2026-03-29T00:05:00Z,300,5,other\n", flow)
    assert received.direction.tolist() == [1, 2]
    assert broken_rows(received) == [(4, "R_SYNTAX", "role")]


def test_read__own_word_for_nothing_of_ours__refuses_the_file(tmp_path: Path) -> None:
    flow = FlowConfig(syntax="csv", options=(("direction.consumption", "sideways"),))
    path = file_of(tmp_path, "device,timestamp,interval_s,value,direction\nA,2026-03-29T00:00:00Z,300,5,consumption\n")
    assert refusal_of(lambda: read_batch(path, flow)) == "F_SCHEMA"


@pytest.mark.parametrize(("after", "at_s"), [("900", START_S + 900), ("0", START_S)])
def test_read__register_labelled_by_its_interval__was_read_at_its_end(tmp_path: Path, after: str, at_s: int) -> None:
    flow = FlowConfig(syntax="csv", kind="register", unit="kWh", options=(("register_after_s", after),))
    received = read_batch(file_of(tmp_path, "device,timestamp,value\nA,2026-03-29T00:00:00Z,1.5\n"), flow)
    assert isinstance(received, ReceivedRegisters)
    assert received.at_s.tolist() == [at_s]


@pytest.mark.parametrize(("kind", "after"), [("interval", "900"), ("register", "soon"), ("register", "-900")])
def test_read__seconds_after_a_label_that_are_none__refuse_the_file(tmp_path: Path, kind: str, after: str) -> None:
    flow = FlowConfig(syntax="csv", kind=kind, step_s=900, options=(("register_after_s", after),))
    assert refusal_of(lambda: read_batch(file_of(tmp_path, "device,timestamp,value\n"), flow)) == "F_SCHEMA"


COUNTED = FlowConfig(syntax="csv", options=(("count_prefix", "#rows="),))
TWO_ROWS = "device,timestamp,interval_s,value\nA,2026-03-29T00:00:00Z,900,5\nbroken\n"


@pytest.mark.parametrize("rows", [TWO_ROWS, TWO_ROWS.replace("A,", '"A",')])
def test_read__stated_count_that_is_right__is_no_row(tmp_path: Path, rows: str) -> None:
    received = read(tmp_path, rows + "#rows=2\n", COUNTED)
    assert (received.row.tolist(), [one.row for one in received.broken]) == ([2], [3])


@pytest.mark.parametrize("end", ["", "#rows=3\n", "#rows=\n", "#rows=x\n", "#rows=2\nB,2026-03-29T00:00:00Z,900,5\n"])
def test_read__stated_count_that_is_wrong_or_missing__refuses_the_file(tmp_path: Path, end: str) -> None:
    assert refusal_of(lambda: read_batch(file_of(tmp_path, TWO_ROWS + end), COUNTED)) == "F_COUNT"
