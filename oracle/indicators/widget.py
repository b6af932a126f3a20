"""A widget: one table of a dashboard, for programs as JSON and CSV, for people in words of their language."""

import csv
import io
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Cell = int | str | bool | None


class Unit(StrEnum):
    """What the numbers of a column are; each has its own way of being written for people."""

    WH = "Wh"
    W = "W"
    BP = "bp"
    GRAM = "g"
    COUNT = "count"
    TOKENS = "u"
    UDEG = "udeg"
    SIGNAL = "signal"
    LABEL = "label"
    TEXT = "text"
    BY_ROW = "by_row"


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its key in the texts; `BY_ROW` takes the unit from the row's column `unit`."""

    key: str
    unit: Unit


@dataclass(frozen=True, slots=True)
class Widget:
    """A table with what people need to judge it.

    key: its name in the texts.  notes: keys of sentences, with values.  coverage_bp, measured_bp: parts of the expected
    time with a value and with a measured one, None where it does not apply; provisional: below 9,000 bp coverage.
    withheld: why nothing is shown (`too_few_members`, `not_permitted`, `no_consent`, `no_key`), or None.
    """

    key: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    coverage_bp: int | None = None
    measured_bp: int | None = None
    provisional: bool = False
    withheld: str | None = None
    notes: tuple[tuple[str, tuple[Cell, ...]], ...] = field(default=())

    def to_document(self) -> dict[str, Any]:
        """The widget for programs: whole numbers in the units named, null where a figure has no value."""
        return {
            "widget": self.key,
            "columns": [{"name": column.key, "unit": column.unit.value} for column in self.columns],
            "rows": [list(row) for row in self.rows],
            "coverage_bp": self.coverage_bp,
            "measured_bp": self.measured_bp,
            "provisional": self.provisional,
            "withheld": self.withheld,
            "notes": [{"note": key, "values": list(values)} for key, values in self.notes],
        }

    def to_csv(self) -> str:
        """The rows as CSV (RFC 4180): the header names column and unit, an empty cell is no value."""
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow([_header(column) for column in self.columns])
        writer.writerows(self.rows)
        return text.getvalue()


def withheld(key: str, columns: tuple[Column, ...], reason: str) -> Widget:
    """A widget that may not be shown, and why."""
    return Widget(key, columns, (), withheld=reason)


def _header(column: Column) -> str:
    plain = (Unit.COUNT, Unit.LABEL, Unit.TEXT, Unit.BY_ROW)
    return column.key if column.unit in plain else f"{column.key}[{column.unit.value}]"
