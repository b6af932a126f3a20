"""Whole numbers shared out row by row: largest remainder and rounding half to even, by column."""

import numpy as np
from numpy.typing import NDArray

from gettone.errors import CheckFailed

Int64Array = NDArray[np.int64]


def share_rows(totals: Int64Array, weights: Int64Array) -> Int64Array:
    """Share totals[i] >= 0 by weights[i, :] >= 0, each row as `largest_remainder` of the rewards does.

    A row whose weights are all 0 gets nothing.  CheckFailed where a product exceeds 63 bits or a sum is not exact.
    """
    highest = int(totals.max(initial=0)) * int(weights.max(initial=0))
    if highest >= 1 << 63:
        raise CheckFailed("share_limit", f"a share of {highest} exceeds 63 bits")
    sums = weights.sum(axis=1)
    divisor = np.maximum(sums, 1)[:, None]
    shares, remainders = np.divmod(totals[:, None] * weights, divisor)
    left_over = np.where(sums > 0, totals - shares.sum(axis=1), 0)
    # A stable sort of the negated remainders keeps ties in the order of their position.
    order = np.argsort(-remainders, axis=1, kind="stable")
    lucky = np.arange(weights.shape[1]) < left_over[:, None]
    np.put_along_axis(shares, order, np.take_along_axis(shares, order, axis=1) + lucky, axis=1)
    if not np.array_equal(shares.sum(axis=1), np.where(sums > 0, totals, 0)):
        raise CheckFailed("share_sum", "shares of a row do not sum to its total")
    return shares


def half_even(numerator: Int64Array, denominator: int) -> Int64Array:
    """numerator / denominator rounded half to even, exact for every int64 below 2^62.

    >>> half_even(np.array([1, 3, 5, -3]), 2)
    array([ 0,  2,  2, -2])
    """
    quotient, remainder = np.divmod(numerator, denominator)
    twice = 2 * remainder
    up = (twice > denominator) | ((twice == denominator) & (quotient % 2 == 1))
    rounded: Int64Array = quotient + up
    return rounded
