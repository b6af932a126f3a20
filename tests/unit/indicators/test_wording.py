"""Numbers, dates and tables in the words of people."""

import doctest

import pytest

from oracle.indicators import wording
from oracle.indicators.widget import Column, Unit, Widget
from oracle.indicators.wording import cell_text, label_text, widget_header, widget_notes, widget_rows
from oracle.indicators.words import NOTES, WIDGETS, WORDS, Language

pytestmark = pytest.mark.unit

EN, IT = Language.EN, Language.IT


def test_docstrings__examples__hold() -> None:
    result = doctest.testmod(wording)
    assert (result.attempted > 0, result.failed) == (True, 0)


@pytest.mark.parametrize(
    ("value", "unit", "english", "italian"),
    [
        (14_046_579, Unit.WH, "14,046.579 kWh", "14.046,579 kWh"),
        (187, Unit.WH, "0.187 kWh", "0,187 kWh"),
        (4_524, Unit.BP, "45.24 %", "45,24 %"),
        (-5, Unit.BP, "-0.05 %", "-0,05 %"),
        (51_947, Unit.W, "51.947 kW", "51,947 kW"),
        (437_390, Unit.GRAM, "437.390 kg", "437,390 kg"),
        (1_234, Unit.COUNT, "1,234", "1.234"),
        (str(1_234_567 * 10**15), Unit.TOKENS, "1,234.567", "1.234,567"),
        (None, Unit.WH, "-", "-"),
        ("summer", Unit.TEXT, "summer", "estate"),
    ],
)
def test_cells__each_unit__as_people_write_it(value: int | str | None, unit: Unit, english: str, italian: str) -> None:
    assert (cell_text(value, unit, EN), cell_text(value, unit, IT)) == (english, italian)


@pytest.mark.parametrize(
    ("label", "english", "italian"),
    [
        ("2016-09-01T07:15-07:00", "1 September 2016, 07:15", "01/09/2016 07:15"),
        ("2026-W53", "week 53 of 2026", "settimana 53 del 2026"),
        ("2016", "2016", "2016"),
    ],
)
def test_labels__each_kind__as_people_write_it(label: str, english: str, italian: str) -> None:
    assert (label_text(label, EN), label_text(label, IT)) == (english, italian)


def test_rows__an_hour_that_occurs_twice__shows_its_offset() -> None:
    columns = (Column("period", Unit.LABEL), Column("load", Unit.WH))
    labels = ("2026-10-25T02:00+02:00", "2026-10-25T02:00+01:00", "2026-10-25T03:00+01:00")
    widget = Widget("series", columns, tuple((label, 1) for label in labels))
    assert [row[0] for row in widget_rows(widget, IT)] == [
        "25/10/2026 02:00 (+02:00)",
        "25/10/2026 02:00 (+01:00)",
        "25/10/2026 03:00",
    ]


def test_rows__units_by_row__stand_with_the_figure() -> None:
    columns = (Column("indicator", Unit.TEXT), Column("value", Unit.BY_ROW), Column("unit", Unit.TEXT))
    widget = Widget("summary", columns, (("load", 1_000, "Wh"), ("self_sufficiency", None, "bp")))
    assert widget_rows(widget, IT) == [["consumo", "1,000 kWh"], ["autosufficienza", "-"]]
    assert widget_header(widget, EN) == ["indicator", "value"]


def test_notes__coverage_below_9000_bp__says_provisional() -> None:
    widget = Widget("series", (), ((1,),), 8_999, 8_000, provisional=True)
    assert widget_notes(widget, EN) == [
        "Readings cover 89.99 % of the time, 80.00 % measured.",
        "Provisional: too many readings are missing.",
    ]


def test_notes__withheld__says_why_and_nothing_else() -> None:
    widget = Widget("series", (), (), withheld="too_few_members")
    assert widget_notes(widget, EN) == ["Fewer than eight members: it would reveal neighbours."]


def test_csv__null_and_units__are_an_empty_cell_and_a_header() -> None:
    widget = Widget("series", (Column("period", Unit.LABEL), Column("load", Unit.WH)), (("2016-09", None),))
    assert widget.to_csv() == "period,load[Wh]\r\n2016-09,\r\n"


@pytest.mark.parametrize("texts", [WIDGETS, WORDS, NOTES], ids=["widgets", "words", "notes"])
def test_words__each__exist_in_both_languages(texts: dict[str, tuple[str, str]]) -> None:
    assert [key for key, (english, italian) in texts.items() if not english or not italian] == []
