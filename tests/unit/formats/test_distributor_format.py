"""The Italian distributor's flow: days of 92, 96 and 100 quarters in both dialects, and what is refused."""

from pathlib import Path
from typing import Any

import pytest

from gettone.metering.codes import Code
from gettone.metering.flow import FlowConfig
from gettone.metering.received import Received, Unit
from oracle.formats.registry import read_batch
from tests.factories.distributor import POD, curve_of, distributor_flow, flow_of, point_of
from tests.factories.payloads import broken_rows, refusal_of, zip_of

pytestmark = pytest.mark.unit

E100 = (("flow.PDO", "withdrawal periodic"), ("dialect", "e100"))
SPRING, AUTUMN = 1_971_932, 1_992_088  # first slots of 2026-03-29 and 2026-10-25 in Rome


def read(tmp_path: Path, document: str | bytes, flow: FlowConfig | None = None) -> Received:
    path = tmp_path / "payload"
    path.write_bytes(document if isinstance(document, bytes) else document.encode())
    received = read_batch(path, flow or distributor_flow())
    assert isinstance(received, Received)
    return received


def slots(received: Received) -> list[int]:
    return [start // 900 for start in received.start_s.tolist()]


def test_read__normal_day__96_quarters_after_local_midnight(tmp_path: Path) -> None:
    received = read(tmp_path, flow_of(point_of(curve_of(2, ["0,187"] * 96))))
    assert slots(received) == list(range(1_969_340, 1_969_436))
    assert received.devices == (POD,)
    assert (received.mantissa[0], received.exponent[0], received.unit[0]) == (187, -3, Unit.KWH)
    assert (set(received.direction.tolist()), set(received.quality.tolist())) == ({1}, {1})
    assert received.row.tolist() == list(range(1, 97))


def test_read__absent_quarter__is_declared_missing(tmp_path: Path) -> None:
    received = read(tmp_path, flow_of(point_of(curve_of(2, {k: "1" for k in range(1, 97) if k != 5}))))
    assert [at for at, quality in enumerate(received.quality.tolist(), 1) if quality == 0] == [5]
    assert received.rows_in == 96


def test_read__spring_day_of_dialect_dst__92_values_in_ascending_k(tmp_path: Path) -> None:
    values = {k: str(k) for k in range(1, 97) if not 9 <= k <= 12}
    received = read(tmp_path, flow_of(point_of(curve_of(29, values, "1"))))
    assert slots(received) == list(range(SPRING, SPRING + 92))
    assert received.mantissa.tolist() == sorted(values)


def test_read__autumn_day_of_dialect_dst__two_parts_of_12_and_88(tmp_path: Path) -> None:
    first = curve_of(25, ["1"] * 12, "2")
    second = curve_of(25, dict.fromkeys(range(9, 97), "2"), "3")
    received = read(tmp_path, flow_of(point_of(first + second, month="10/2026")))
    assert slots(received)[:12] == list(range(1_992_088, 1_992_100))
    assert slots(received)[12:] == list(range(1_992_100, 1_992_188))
    assert received.mantissa.tolist() == [1] * 12 + [2] * 88


@pytest.mark.parametrize(
    ("day", "month", "count", "first"), [(29, "03/2026", 92, SPRING), (25, "10/2026", 100, AUTUMN)]
)
def test_read__changeover_of_dialect_e100__values_in_order(
    tmp_path: Path, day: int, month: str, count: int, first: int
) -> None:
    document = flow_of(point_of(curve_of(day, map(str, range(1, count + 1))), month=month))
    received = read(tmp_path, document, distributor_flow(options=E100))
    assert slots(received) == list(range(first, first + count))
    assert received.mantissa.tolist() == list(range(1, count + 1))


def test_read__zeros_past_a_short_day_of_e100__are_counted(tmp_path: Path) -> None:
    document = flow_of(point_of(curve_of(29, ["1"] * 92 + ["0", "0,000", "0", "0"])))
    received = read(tmp_path, document, distributor_flow(options=E100))
    assert received.notes == {Code.X_PADDING: 4}
    assert len(received.row) == 92


@pytest.mark.parametrize(
    ("curve", "month", "options", "code", "rows"),
    [
        (curve_of(2, ["1"] * 97), "03/2026", None, "X_DAYLEN", 97),
        (curve_of(29, ["1"] * 96, "1"), "03/2026", None, "X_DAYLEN", 96),
        (curve_of(29, ["1"] * 96), "03/2026", None, "X_DST", 96),
        (curve_of(2, ["1"] * 92, "1"), "03/2026", None, "X_DST", 92),
        (curve_of(2, ["1"] * 12, "2"), "03/2026", None, "X_DST", 12),
        (curve_of(25, ["1"] * 11, "2"), "10/2026", None, "X_DAYLEN", 11),
        (curve_of(25, ["1"] * 96, "3"), "10/2026", None, "X_DAYLEN", 96),
        (curve_of(25, ["1"] * 96, "4"), "10/2026", None, "X_DST", 96),
        (curve_of(29, ["1"] * 93), "03/2026", E100, "X_DAYLEN", 93),
        (curve_of(25, ["1"] * 100, "2"), "10/2026", E100, "X_DST", 100),
    ],
)
def test_read__wrong_count_or_dst__that_day_breaks_and_the_rest_stands(
    tmp_path: Path, curve: str, month: str, options: Any, code: str, rows: int
) -> None:
    flow = distributor_flow(options=options) if options else distributor_flow()
    received = read(tmp_path, flow_of(point_of(curve + curve_of(3, ["1"] * 96), month=month)), flow)
    assert {one.code for one in received.broken} == {code}
    assert len(received.broken) == rows
    assert len(received.row) == 96
    assert received.texts[1].startswith(POD)


@pytest.mark.parametrize(
    ("code", "fields", "quality", "source_class"),
    [
        ("PDO", {}, 1, 1),
        ("PDO", {"Validato": "N"}, 1, 2),
        ("PDO", {"Validato": ""}, 1, 0),
        ("PDO", {"TipoDato": "S"}, 2, 1),
        ("RFO", {}, 3, 1),
        ("RFO", {"TipoDato": "S"}, 2, 1),
    ],
)
def test_read__kind_of_flow_and_of_datum__quality_and_class(
    tmp_path: Path, code: str, fields: dict[str, str], quality: int, source_class: int
) -> None:
    received = read(tmp_path, flow_of(point_of(curve_of(2, ["1"] * 96), **fields), code=code))
    assert set(received.quality.tolist()) == {quality}
    assert received.source_class is not None
    assert set(received.source_class.tolist()) == {source_class}


def test_read__multiplier__comes_along_for_the_rules(tmp_path: Path) -> None:
    received = read(tmp_path, flow_of(point_of(curve_of(2, ["0,187"] * 96), ka="40,5")))
    assert received.k_mantissa is not None
    assert received.k_exponent is not None
    assert (received.mantissa[0], received.k_mantissa[0], received.k_exponent[0]) == (187, 405, -1)


@pytest.mark.parametrize("ka", ["0", "-1", "x", "1.5"])
def test_read__multiplier_that_is_no_number__breaks_the_point(tmp_path: Path, ka: str) -> None:
    other = point_of(curve_of(2, ["1"] * 96), pod="IT001E00000002", ka="1,000")
    received = read(tmp_path, flow_of(point_of(curve_of(2, ["1"] * 96), ka=ka), other))
    assert {one.code for one in received.broken} == {Code.U_MULTIPLIER}
    assert (len(received.broken), received.devices) == (96, ("IT001E00000002",))


def test_read__why_there_is_no_curve__declares_the_month_missing(tmp_path: Path) -> None:
    received = read(tmp_path, flow_of(point_of("", CausaOstativa="3")))
    assert len(received.row) == 30 * 96 + 92
    assert set(received.quality.tolist()) == {0}


def test_read__sums_by_band__come_along(tmp_path: Path) -> None:
    received = read(tmp_path, flow_of(point_of(curve_of(2, ["1"] * 96), EaF1="12,5", EaF2="7")))
    assert [(one.band, one.mantissa, one.exponent) for one in received.totals] == [("F1", 125, -1), ("F2", 7, 0)]
    assert (received.totals[0].to_s - received.totals[0].from_s) // 900 == 30 * 96 + 92


@pytest.mark.parametrize("text", ["", "x", "1.5", "=1", "1234567890123456"])
def test_read__quarter_that_is_no_number__is_refused_alone(tmp_path: Path, text: str) -> None:
    received = read(tmp_path, flow_of(point_of(curve_of(2, ["1", text, *["1"] * 94]))))
    assert broken_rows(received) == [(2, "R_SYNTAX", "Ea")]
    assert len(received.row) == 95


def test_read__code_of_no_point__breaks_its_values(tmp_path: Path) -> None:
    received = read(tmp_path, flow_of(point_of(curve_of(2, ["1"] * 96), pod="X"), point_of(curve_of(2, ["1"] * 96))))
    assert {one.code for one in received.broken} == {Code.R_SYNTAX}
    assert len(received.row) == 96


def test_read__blanks_and_lower_case_in_a_pod__are_mended(tmp_path: Path) -> None:
    received = read(tmp_path, flow_of(point_of(curve_of(2, ["1"] * 96), pod=" it001e 00000001 ")))
    assert received.devices == (POD,)


def test_read__namespace_zip_and_other_elements__change_nothing(tmp_path: Path) -> None:
    document = flow_of(point_of(curve_of(2, ["1"] * 96) + '<Er E1="9">02</Er>'))
    spaced = document.replace("<FlussoMisure ", '<FlussoMisure xmlns="urn:x" ')
    assert len(read(tmp_path, zip_of(spaced.encode(), "../../x.xml")).row) == 96


BOMB = '<!DOCTYPE b [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE b [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
GOOD = point_of(curve_of(2, ["1"] * 96))


@pytest.mark.parametrize(
    "document",
    [
        flow_of(GOOD, prefix=BOMB),
        flow_of(GOOD, prefix=OUTSIDE),
        flow_of(GOOD, prefix='<!DOCTYPE b SYSTEM "http://192.0.2.1/x.dtd">'),
        flow_of(GOOD)[:-20],
        flow_of(),
        flow_of(GOOD, code="XYZ"),
        flow_of(point_of(curve_of(32, ["1"]))),
        flow_of(point_of(curve_of(31, ["1"]), month="02/2026")),
        flow_of(point_of(curve_of(2, ["1"]), month="13/2026")),
        flow_of(point_of(curve_of(2, {101: "1"}))),
        flow_of(point_of('<Ea Z="1">02</Ea>')),
        flow_of(point_of("<Ea>zwei</Ea>")),
        flow_of(point_of(curve_of(2, ["1"]), TipoDato="X")),
        flow_of(point_of(curve_of(2, ["1"]), TipoDato="")),
        flow_of(point_of(curve_of(2, ["1"]), Validato="X")),
        "<Altro/>",
        "",
        "no xml",
        "<FlussoMisure CodFlusso='PDO'>" + "<a>" * 40 + "</a>" * 40 + "</FlussoMisure>",
    ],
)
def test_read__other_layout_or_dangerous_xml__refuses_the_file(tmp_path: Path, document: str) -> None:
    assert refusal_of(lambda: read(tmp_path, document)) == "F_SCHEMA"


def test_read__no_dialect_stated__refuses_the_file(tmp_path: Path) -> None:
    flow = distributor_flow(options=(("flow.PDO", "withdrawal periodic"),))
    assert refusal_of(lambda: read(tmp_path, flow_of(GOOD), flow)) == "F_SCHEMA"


@pytest.mark.parametrize(("declared", "code"), [("x-unknown", "F_ENCODING"), ("utf-8", "F_SCHEMA")])
def test_read__encoding_that_does_not_hold__refuses_the_file(tmp_path: Path, declared: str, code: str) -> None:
    document = flow_of(GOOD.replace("<Raccolta>T", "<Raccolta>\xe9")).replace("UTF-8", declared)
    assert refusal_of(lambda: read(tmp_path, document.encode("cp1252"))) == code
