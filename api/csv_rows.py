"""Rows of a small CSV file that somebody uploads, each checked against a body of the API.

UTF-8, RFC 4180, `,` or `;` between cells, names in the first line; an empty cell is a value that is not given.
"""

import csv
import io
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from api.problems import pointer_of
from api.refusals import Invalid

Row = TypeVar("Row", bound=BaseModel)
_TRUTH = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong with a row; rows are counted from 1, the line of names apart."""

    row: int
    pointer: str
    code: str


@dataclass(frozen=True, slots=True)
class Rows(Generic[Row]):
    """The rows of a file with their numbers, and what is wrong with the others."""

    good: list[tuple[int, Row]]
    errors: list[RowError]

    @property
    def count(self) -> int:
        """How many rows the file has."""
        return len(self.good) + len({one.row for one in self.errors})


def read_rows(text: str, kind: type[Row], *, max_rows: int) -> Rows[Row]:
    """The rows of a CSV text as bodies of `kind`; Invalid for names that it does not know, and for too many rows."""
    dialect = csv.excel if text.split("\n", 1)[0].count(",") >= text.split("\n", 1)[0].count(";") else _Semicolon
    try:
        reader = csv.DictReader(io.StringIO(text), dialect=dialect, strict=True)
        names, lines = list(reader.fieldnames or ()), list(reader)
    except csv.Error as failure:
        raise _invalid(f"this is no CSV: {failure}") from None
    known = set(_fields(kind))
    if unknown := sorted(set(names) - known):
        raise _invalid(f"the file has unknown columns {', '.join(unknown)}: known are {', '.join(sorted(known))}")
    if len(set(names)) != len(names) or len(lines) > max_rows:
        raise _invalid(f"each column comes once, and at most {max_rows} rows at a time")
    rows: Rows[Row] = Rows([], [])
    for number, line in enumerate(lines, start=1):
        _read_row(rows, number, line, kind)
    return rows


def refuse_errors(errors: list[RowError]) -> None:
    """Invalid with the place of every error, when there is any: then nothing of a file is done."""
    if errors:
        fields = tuple((f"/csv/{one.row}{one.pointer}", one.code) for one in errors)
        raise Invalid(
            "invalid", f"{len(errors)} errors in the rows: mend them, or send dry_run to see them", fields=fields
        )


def _read_row(rows: Rows[Row], number: int, line: dict[str | None, str | list[str] | None], kind: type[Row]) -> None:
    if None in line or None in line.values():
        rows.errors.append(RowError(number, "", "cells"))
        return
    given = {name: _value(kind, str(name), str(cell).strip()) for name, cell in line.items() if str(cell).strip()}
    try:
        rows.good.append((number, kind.model_validate(given)))
    except ValidationError as failure:
        rows.errors.extend(RowError(number, pointer_of(one["loc"]), str(one["type"])) for one in failure.errors())


def _fields(kind: type[BaseModel]) -> dict[str, FieldInfo]:
    """The fields of a body by the names of their columns."""
    return {field.alias or name: field for name, field in kind.model_fields.items()}


def _value(kind: type[BaseModel], name: str, cell: str) -> object:
    """A cell as its field wants it; what cannot be read stays text, which the field then refuses."""
    wanted = str(_fields(kind)[name].annotation)
    if "bool" in wanted:
        return _TRUTH.get(cell.lower(), cell)
    return int(cell) if "int" in wanted and cell.isascii() and cell.isdecimal() else cell


def _invalid(message: str) -> Invalid:
    return Invalid("invalid", message, fields=(("/body/csv", "csv"),))


class _Semicolon(csv.excel):
    delimiter = ";"
