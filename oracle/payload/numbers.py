"""Exact numbers as sources write them: text, JSON tokens, typed columns."""

from functools import lru_cache
from typing import cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gettone.errors import InputError
from gettone.metering.codes import Code
from gettone.metering.exact import MAX_DIGITS, Decimals, parse_decimal, parse_decimals
from gettone.types import Quality
from oracle.payload.refusals import RowRefusal
from oracle.payload.rows import NOTHING, Found, Number

_LIMIT = 10**MAX_DIGITS
MISSING = (NOTHING, int(Quality.MISSING))


class DecimalText(str):
    """A number of JSON with a point or an exponent, still as written."""

    __slots__ = ()


@lru_cache(maxsize=65_536)
def number_of_text(text: str, mark: str) -> Number | None:
    """The number a text writes with a decimal mark, None if it writes none; curves repeat few values."""
    try:
        return Number(*parse_decimal(text, mark))
    except InputError:
        return None


def found_in_text(text: str, mark: str, quality: int, null_marks: tuple[str, ...], field: str) -> Found:
    """A value written as text: a declared gap where it is a null mark of the flow."""
    if text.strip() in null_marks:
        return MISSING
    number = number_of_text(text, mark)
    if number is None:
        shown = repr(text[:40]) if text else "empty"
        return RowRefusal(Code.R_SYNTAX, field, f"{field} is {shown}, no number of at most {MAX_DIGITS} digits")
    return number, quality


def found_in_json(value: object, quality: int) -> Found:
    """A value of a JSON list: a number, or null for a declared gap."""
    if value is None:
        return MISSING
    number = None
    if isinstance(value, int) and not isinstance(value, bool):
        number = Number(value, 0) if abs(value) < _LIMIT else None
    elif isinstance(value, DecimalText):
        number = number_of_text(value, ".")
    if number is None:
        reason = f"a value is no number of at most {MAX_DIGITS} digits, and not null"
        return RowRefusal(Code.R_SYNTAX, "values", reason)
    return number, quality


def whole_values(values: list[object]) -> list[int] | None:
    """The numbers of a JSON list that holds only whole ones and nulls (0 here), None for any other list."""
    if not {type(value) for value in values} <= {int, type(None)}:
        return None
    whole = cast(list[int], [value or 0 for value in values])
    return whole if min(whole) > -_LIMIT and max(whole) < _LIMIT else None


def exact_column(column: pa.Array, mark: str) -> Decimals:
    """The numbers of a column, text or typed; a float counts as the shortest decimal that names it."""
    if pa.types.is_integer(column.type) and column.type != pa.uint64():
        whole = pc.fill_null(column, _LIMIT if column.type.bit_width == 64 else 0).cast(pa.int64())
        mantissa = whole.to_numpy(zero_copy_only=False).copy()
        broken = (mantissa >= _LIMIT) | (mantissa <= -_LIMIT) | column.is_null().to_numpy(zero_copy_only=False)
        mantissa[broken] = 0
        return Decimals(mantissa, np.zeros(len(column), np.int8), broken)
    # A typed number is printed with a point, whatever mark the flow states for text.
    typed = not pa.types.is_string(column.type) and not pa.types.is_dictionary(column.type)
    return parse_decimals(column.cast(pa.string()), "." if typed else mark)
