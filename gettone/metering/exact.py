"""Exact numbers: decimals as a whole mantissa and a power of ten, and the one rounding there is (rule V4).

No value ever passes through floating point: `0,187` is 187 x 10**-3, and Wh come out of one division, half to even.
"""

import re
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from gettone.errors import InputError
from gettone.metering.received import Int8Array, Int64Array

BoolArray = NDArray[np.bool_]

MAX_DIGITS = 15
MAX_EXPONENT = 30

_NUMBER = {
    # Meters write less than one as `.284` too.
    mark: re.compile(
        rf"([+-]?)(\d+|(?={re.escape(mark)}))(?:{re.escape(mark)}(\d+))?(?:[eE]([+-]?\d{{1,3}}))?", re.ASCII
    )
    for mark in ".,"
}
# The same without exponent and short enough for int64, as the columns know it.
_PLAIN = {
    mark: rf"^[+-]?(?:[0-9]{{1,15}}(?:{re.escape(mark)}[0-9]{{1,15}})?|{re.escape(mark)}[0-9]{{1,15}})$"
    for mark in ".,"
}


class Decimals(NamedTuple):
    """Numbers by column: mantissa x 10**exponent; `broken` marks those that are none (their mantissa is 0)."""

    mantissa: Int64Array
    exponent: Int8Array
    broken: BoolArray


def parse_decimal(text: str, mark: str = ".") -> tuple[int, int]:
    """(mantissa, exponent) of a number as written with the decimal `mark`; blanks around it do not count.

    InputError `number_syntax` for anything else: a formula, grouped digits, another mark, nothing, and for more than
    15 digits that count or a power of ten beyond 30.

    >>> parse_decimal("0,187", ","), parse_decimal("1.0004069e-07")
    ((187, -3), (10004069, -14))
    """
    found = _NUMBER[mark].fullmatch(text.strip(" \t"))
    if found is None:
        raise InputError("number_syntax", f"{text[:40]!r} is not a number with the decimal mark {mark!r}")
    sign, whole, fraction, power = found.groups(default="")
    digits = (whole + fraction).lstrip("0")
    exponent = int(power or 0) - len(fraction)
    if len(digits) > MAX_DIGITS or abs(exponent) > MAX_EXPONENT:
        raise InputError("number_syntax", f"a number has more than {MAX_DIGITS} digits or is beyond any meter")
    mantissa = int(digits or "0")
    return (-mantissa if sign == "-" else mantissa), exponent


def parse_decimals(texts: pa.Array, mark: str = ".") -> Decimals:
    """`parse_decimal` by column; nulls are broken.

    What repeats is parsed once; one pass in Arrow, and text by text for what is unusual.
    """
    encoded = pc.dictionary_encode(texts.cast(pa.string()), null_encoding="encode")
    if 2 * len(encoded.dictionary) > len(texts):
        return _parse_each(texts, mark)
    found, at = _parse_each(encoded.dictionary, mark), encoded.indices.to_numpy(zero_copy_only=False)
    return Decimals(found.mantissa[at], found.exponent[at], found.broken[at])


def _parse_each(texts: pa.Array, mark: str) -> Decimals:
    texts = pc.utf8_trim(texts.cast(pa.string()), characters=" \t")
    plain = pc.fill_null(pc.match_substring_regex(texts, _PLAIN[mark]), False)
    point = pc.find_substring(texts, mark)
    places = pc.if_else(pc.less(point, 0), 0, pc.subtract(pc.subtract(pc.binary_length(texts), point), 1))
    digits = pc.replace_substring(texts, mark, "")
    # Fifteen digits always fit; a longer plain number is judged, and mostly refused, row by row.
    short = pc.and_(plain, pc.less_equal(pc.binary_length(digits), MAX_DIGITS))
    mantissa = pc.if_else(short, pc.utf8_ltrim(digits, characters="+"), "0").cast(pa.int64())
    result = Decimals(
        pc.fill_null(mantissa, 0).to_numpy(zero_copy_only=False).copy(),
        pc.fill_null(pc.if_else(short, pc.negate(places), 0), 0).to_numpy(zero_copy_only=False).astype(np.int8),
        np.zeros(len(texts), np.bool_),
    )
    for at in np.flatnonzero(~np.asarray(pc.fill_null(short, False).to_numpy(zero_copy_only=False))):
        _parse_into(result, int(at), texts[int(at)].as_py(), mark)
    return result


def rhe(numerator: int, denominator: int) -> int:
    """numerator / denominator rounded half to even; the denominator is positive.

    >>> [rhe(1, 2), rhe(3, 2), rhe(-3, 2), rhe(7, 3)]
    [0, 2, -2, 2]
    """
    quotient, rest = divmod(numerator, denominator)
    return quotient + (2 * rest > denominator or (2 * rest == denominator and quotient % 2 == 1))


def rhe_array(numerator: Int64Array, denominator: Int64Array | int) -> Int64Array:
    """`rhe` by element; denominators are within 1..10**18."""
    quotient = numerator // denominator
    rest = numerator - quotient * denominator
    up = (2 * rest > denominator) | ((2 * rest == denominator) & (quotient % 2 == 1))
    return np.asarray(quotient + up, np.int64)


def _parse_into(result: Decimals, at: int, text: str | None, mark: str) -> None:
    try:
        result.mantissa[at], result.exponent[at] = parse_decimal(text or "", mark)
    except InputError:
        result.broken[at] = True
