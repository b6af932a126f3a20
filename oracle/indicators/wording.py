"""Numbers, dates and tables as people write them in English and in Italian; no figure loses a digit."""

import re
from collections import Counter

from oracle.indicators.widget import Cell, Column, Unit, Widget
from oracle.indicators.words import Language, month_name, sentence, week_text, word

_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_WEEK = re.compile(r"(\d{4})-W(\d{2})")
_INSTANT = re.compile(r"(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})([+-]\d{2}:\d{2})")

NOTHING = "-"
_TOKEN_DIGITS = 18
_SHOWN_TOKEN_DIGITS = 3


def number_text(value: int, language: Language, decimals: int = 0) -> str:
    """A whole number of 10^-decimals with the marks of the language.

    >>> number_text(14_046_579, Language.EN, 3), number_text(14_046_579, Language.IT, 3)
    ('14,046.579', '14.046,579')
    >>> number_text(-5, Language.IT, 2)
    '-0,05'
    """
    sign, digits = "-" if value < 0 else "", f"{abs(value):0{decimals + 1}d}"
    whole = f"{int(digits[: len(digits) - decimals]):,}"
    text = f"{whole}.{digits[len(digits) - decimals :]}" if decimals else whole
    if language is Language.IT:
        text = text.translate(str.maketrans(",.", ".,"))
    return sign + text


def label_text(label: str, language: Language) -> str:
    """A day, month, week or instant as people write it; any other text as it is.

    >>> label_text("2016-09-01", Language.IT), label_text("2016-09-01", Language.EN)
    ('01/09/2016', '1 September 2016')
    >>> label_text("2016-09", Language.IT), label_text("2016-W37", Language.IT)
    ('settembre 2016', 'settimana 37 del 2016')
    """
    if found := _INSTANT.fullmatch(label):
        return f"{label_text(found[1], language)}{',' if language is Language.EN else ''} {found[2]}"
    if found := _DAY.fullmatch(label):
        if language is Language.IT:
            return f"{found[3]}/{found[2]}/{found[1]}"
        return f"{int(found[3])} {month_name(int(found[2]), language)} {found[1]}"
    if found := _MONTH.fullmatch(label):
        return f"{month_name(int(found[2]), language)} {found[1]}"
    if found := _WEEK.fullmatch(label):
        return week_text(int(found[2]), int(found[1]), language)
    return label


def cell_text(value: Cell, unit: Unit, language: Language) -> str:
    """One figure with its unit, in the size people use: kWh, kW, kg, per cent, tokens."""
    if value is None:
        return NOTHING
    if unit is Unit.TOKENS:
        shown = int(value) // 10 ** (_TOKEN_DIGITS - _SHOWN_TOKEN_DIGITS)
        return number_text(shown, language, _SHOWN_TOKEN_DIGITS)
    if isinstance(value, str):
        return label_text(value, language) if unit is Unit.LABEL else word(value, language)
    decimals, mark = _MARKS.get(unit, (0, ""))
    return number_text(value, language, decimals) + mark


def widget_rows(widget: Widget, language: Language) -> list[list[str]]:
    """The rows as people read them; an hour that occurs twice shows its offset."""
    if [one.key for one in widget.columns] == ["indicator", "value", "unit"]:
        return [[word(str(row[0]), language), cell_text(row[1], Unit(str(row[2])), language)] for row in widget.rows]
    firsts = Counter(label_text(str(row[0]), language) for row in widget.rows)
    return [
        [_cell(value, column, language, firsts) for value, column in zip(row, widget.columns, strict=True)]
        for row in widget.rows
    ]


def widget_header(widget: Widget, language: Language) -> list[str]:
    """The names of the columns; the unit of a figure stands with the figure."""
    keys = [column.key for column in widget.columns]
    return [word(key, language) for key in (keys[:2] if keys == ["indicator", "value", "unit"] else keys)]


def widget_notes(widget: Widget, language: Language) -> list[str]:
    """What must be known to judge the figures: why nothing is shown, what is missing, what they rest on."""
    if widget.withheld:
        return [sentence(widget.withheld, language)]
    notes = [sentence(key, language, *values) for key, values in widget.notes]
    if widget.coverage_bp is not None:
        parts = (cell_text(one, Unit.BP, language) for one in (widget.coverage_bp, widget.measured_bp))
        notes.append(sentence("trust", language, *parts))
    if widget.provisional:
        notes.append(sentence("provisional", language))
    return notes if widget.rows else [*notes, sentence("nothing", language)]


# Decimals that are moved to reach the size people use, and what follows the number.
_MARKS = {
    Unit.WH: (3, " kWh"),
    Unit.W: (3, " kW"),
    Unit.GRAM: (3, " kg"),
    Unit.BP: (2, " %"),
    Unit.UDEG: (6, "°"),
}


def _cell(value: Cell, column: Column, language: Language, firsts: Counter[str]) -> str:
    shown = cell_text(value, column.unit, language)
    found = _INSTANT.fullmatch(value) if isinstance(value, str) else None
    return f"{shown} ({found[3]})" if found and firsts[shown] > 1 else shown
