"""Exact whole-number arithmetic of the indicators: half-even quotients, basis points, percentiles, sums.

Arrays are int64; where a sum or product could leave int64, it is taken in parts and put together as Python integers.
"""

from math import isqrt

import numpy as np
import numpy.typing as npt

Int64Array = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

INT64_MAX = 2**63 - 1
BP = 10_000
_HALF_BITS = 32


def rhe(a: int, b: int) -> int:
    """a / b, rounded half to even; b > 0.

    >>> rhe(5, 2), rhe(7, 2), rhe(-5, 2), rhe(640, 4)
    (2, 4, -2, 160)
    """
    quotient, remainder = divmod(a, b)
    return quotient + (2 * remainder > b or (2 * remainder == b and quotient % 2))


def ratio_bp(a: int, b: int) -> int | None:
    """a / b in basis points, half to even; None when b is 0.

    >>> ratio_bp(10, 16), ratio_bp(10, 20), ratio_bp(16, 20), ratio_bp(1, 0)
    (6250, 5000, 8000, None)
    """
    return rhe(BP * a, b) if b else None


def change_bp(now: int, then: int) -> int | None:
    """(now - then) / then in basis points; None when there was nothing then.

    >>> change_bp(12_000, 10_000), change_bp(120, 100), change_bp(5, 0)
    (2000, 2000, None)
    """
    return ratio_bp(now - then, then)


def rank_of(n: int, permille: int) -> int:
    """Position, from 1, of the nearest-rank percentile among n sorted values: max(1, ceil(permille * n / 1000)).

    >>> rank_of(40, 975), rank_of(40, 25), rank_of(720, 975)
    (39, 1, 702)
    """
    return max(1, -(-permille * n // 1000))


def deviation(n: int, total: int, total_of_squares: int) -> int:
    """Standard deviation, rounded down, of n values with these sums.

    >>> deviation(4, 640, 100**2 + 140**2 + 180**2 + 220**2)
    44
    """
    return isqrt((n * total_of_squares - total * total) // (n * n))


def rhe_columns(a: Int64Array, b: Int64Array) -> Int64Array:
    """`rhe` element by element; b > 0 everywhere."""
    quotient, remainder = np.divmod(a, b)
    up = (remainder > b - remainder) | ((remainder == b - remainder) & (quotient % 2 == 1))
    result: Int64Array = quotient + up
    return result


def row_sums(values: Int64Array) -> list[int]:
    """Exact sum of every row of [rows, slots]."""
    if fits(values, values.shape[1]):
        return [int(one) for one in values.sum(axis=1)]
    high, low = values >> _HALF_BITS, values & ((1 << _HALF_BITS) - 1)
    pairs = zip(high.sum(axis=1).tolist(), low.sum(axis=1).tolist(), strict=True)
    return [(upper << _HALF_BITS) + lower for upper, lower in pairs]


def group_sums(values: Int64Array, firsts: Int64Array) -> Int64Array:
    """Sums of consecutive columns that begin at `firsts`, [rows, groups]; OverflowError beyond int64."""
    if not fits(values, values.shape[1]):
        raise OverflowError("a sum of energies does not fit 64 bits: no meter delivers such values")
    sums: Int64Array = np.add.reduceat(values, firsts, axis=1)
    return sums


def fits(values: Int64Array, count: int) -> bool:
    """Whether `count` of these values can be added within int64."""
    if not values.size:
        return True
    return max(int(values.max()), -int(values.min())) * max(count, 1) <= INT64_MAX


def percentiles(values: Int64Array, known: BoolArray, *permilles: int) -> list[tuple[int, ...] | None]:
    """Nearest-rank percentiles of the known values of every row; None for a row without any.

    >>> x = np.arange(10, 410, 10).reshape(1, 40)
    >>> percentiles(x, np.ones_like(x, bool), 975, 25)
    [(390, 10)]
    """
    if values.size and known.all():
        places = [rank_of(values.shape[1], one) - 1 for one in permilles]
        ordered = np.partition(values, sorted(set(places)), axis=1)
        return [tuple(row) for row in ordered[:, places].tolist()]
    return [_percentiles_of(row[mask], permilles) for row, mask in zip(values, known, strict=True)]


def _percentiles_of(values: Int64Array, permilles: tuple[int, ...]) -> tuple[int, ...] | None:
    if not values.size:
        return None
    places = [rank_of(values.size, one) - 1 for one in permilles]
    ordered = np.partition(values, sorted(set(places)))
    return tuple(int(ordered[place]) for place in places)
