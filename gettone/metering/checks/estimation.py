"""Rule V17 in integers: the energy of a short gap, and how it lies in time (metering specification §4).

The cumulative energy follows a monotone cubic between the rates of the two neighbours; each slot gets its share by
the largest remainder, so that the slots of a gap sum to its energy exactly.  Everything here is an absolute value.
"""

from enum import IntEnum

import numpy as np

from gettone.errors import CheckFailed
from gettone.metering.exact import rhe_array
from gettone.metering.received import Int64Array


class EstimateRule(IntEnum):
    """How an estimate came about, as the table `estimates` numbers it; the names are those of the codes."""

    T_INTERP = 1
    E_SPLINE = 2
    E_LINE = 3


MAX_SLOTS = 23
# Energy x (number of slots)^3 has to stay within 63 bits.
MAX_ENERGY_WH = 2**48


def line_energy_wh(before_wh: Int64Array, after_wh: Int64Array, slots: Int64Array) -> Int64Array:
    """E_LINE: n * (a + b) / 2, half-even [Wh]: the energy of a gap that nothing measured.

    >>> line_energy_wh(np.array([101]), np.array([102]), np.array([3])).tolist()
    [304]
    """
    return rhe_array(slots * (before_wh + after_wh), 2)


def place_energy_wh(before_wh: Int64Array, after_wh: Int64Array, energy_wh: Int64Array, slots: int) -> Int64Array:
    """The energy of gaps of `slots` slots by slot: [gaps, slots] in Wh, each row summing to its energy.

    before_wh, after_wh: the neighbours' values; all at least 0.  CheckFailed where a row does not sum up.

    >>> place_energy_wh(np.array([200]), np.array([100]), np.array([600]), 4).tolist()
    [[188, 163, 137, 112]]
    """
    if not 1 <= slots <= MAX_SLOTS or (energy_wh > MAX_ENERGY_WH).any():
        raise CheckFailed("estimate_limit", f"a gap of {slots} slots or more than {MAX_ENERGY_WH} Wh has no estimate")
    weights = np.diff(_cumulative(before_wh, after_wh, energy_wh, slots), axis=1)
    # The weights of a gap sum to energy * slots^3, so its largest remainder divides by slots^3 alone.
    shares, remainders = np.divmod(weights, slots**3)
    left_over = energy_wh - shares.sum(axis=1)
    # A stable order keeps equal remainders by time: ties go to the earlier slot.
    order = np.argsort(-remainders, axis=1, kind="stable")
    place = np.empty_like(order)
    np.put_along_axis(place, order, np.arange(slots)[None, :], axis=1)
    placed: Int64Array = shares + (place < left_over[:, None])
    if (placed.sum(axis=1) != energy_wh).any() or (placed < 0).any():
        raise CheckFailed("estimate_sum", "the estimates of a gap do not sum to its energy")
    return placed


def _cumulative(before_wh: Int64Array, after_wh: Int64Array, energy_wh: Int64Array, slots: int) -> Int64Array:
    """N(0) to N(n), times n^3: a cubic Hermite spline with slopes bounded so that it never falls."""
    i = np.arange(slots + 1, dtype=np.int64)
    squared, cubed = i**2, i**3
    rate_before = np.minimum(slots * before_wh, 3 * energy_wh)
    rate_after = np.minimum(slots * after_wh, 3 * energy_wh)
    result: Int64Array = (
        energy_wh[:, None] * (3 * squared * slots - 2 * cubed)
        + rate_before[:, None] * (cubed - 2 * squared * slots + i * slots**2)
        + rate_after[:, None] * (cubed - squared * slots)
    )
    return result
