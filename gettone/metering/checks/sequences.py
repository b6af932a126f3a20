"""Rule V14: values that repeat, stay at zero, or make up for a silence; by row of a dense matrix.

A matrix has one row for each channel and one column for each consecutive slot of their common step.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gettone.metering.received import Int64Array
from gettone.types import DAY_S

BoolArray = NDArray[np.bool_]

STUCK_VALUES = 24
STUCK_WH = 100
ZERO_DAYS = 7


class Runs(NamedTuple):
    """Uninterrupted stretches within rows: row, first column and number of columns, ascending by row and column."""

    row: Int64Array
    first: Int64Array
    length: Int64Array


_NONE = np.empty(0, dtype=np.int64)
NO_RUNS = Runs(_NONE, _NONE, _NONE)


def stuck_runs(wh: Int64Array, present: BoolArray) -> Runs:
    """S_STUCK: 24 and more consecutive equal values of at least 100 Wh in either direction.

    wh: [rows, columns], signed Wh; present: where a value was received that no person has accepted as it is.

    >>> stuck_runs(np.full((1, 24), -999), np.ones((1, 24), dtype=bool)).length.tolist()
    [24]
    """
    stride = STUCK_VALUES // 2
    # 24 equal values hold two neighbours among every twelfth column: comparing those spares almost every row.
    sample = wh[:, ::stride]
    likely = (sample[:, 1:] == sample[:, :-1]) & (np.abs(sample[:, 1:]) >= STUCK_WH)
    rows = np.flatnonzero(likely.any(axis=1))
    if not len(rows):
        return NO_RUNS
    values, usable = wh[rows], present[rows] & (np.abs(wh[rows]) >= STUCK_WH)
    same = usable[:, 1:] & usable[:, :-1] & (values[:, 1:] == values[:, :-1])
    pairs = runs_of(same, STUCK_VALUES - 1)
    return Runs(rows[pairs.row], pairs.first, pairs.length + 1)


def zero_runs(wh: Int64Array, present: BoolArray, step_s: int) -> Runs:
    """S_ZERO: seven days and more in which every value was received and is zero; `step_s` as of the matrix [s]."""
    columns = ZERO_DAYS * DAY_S // step_s
    if wh.shape[1] < columns:
        return NO_RUNS
    stride = columns // 2
    sample = (wh[:, ::stride] == 0) & present[:, ::stride]
    rows = np.flatnonzero((sample[:, 1:] & sample[:, :-1]).any(axis=1))
    runs = runs_of(present[rows] & (wh[rows] == 0), columns)
    return Runs(rows[runs.row], runs.first, runs.length)


def catch_ups(wh: Int64Array, present: BoolArray, beyond: BoolArray) -> BoolArray:
    """S_CATCHUP: where a value beyond the bound of V11 comes after a zero or a gap, as a buffered meter sends it.

    beyond: where a value waits because of P_BOUND; the slot before the first column is not known and not judged.
    """
    found = np.zeros_like(beyond)
    # Values beyond a bound are rare: rows without any need not be looked at.
    rows = np.flatnonzero(beyond.any(axis=1))
    silent = ~(present[rows] | beyond[rows]) | ((wh[rows] == 0) & present[rows])
    found[rows, 1:] = beyond[rows, 1:] & silent[:, :-1]
    return found


def runs_of(mask: BoolArray, at_least: int) -> Runs:
    """The stretches of at least `at_least` true columns in each row."""
    rows, columns = mask.shape
    fenced = np.zeros((rows, columns + 2), dtype=bool)
    fenced[:, 1:-1] = mask
    # Where the value changes lies alternately the begin and the end of a stretch; the fence keeps rows apart.
    flat = fenced.ravel()
    edges = np.flatnonzero(flat[1:] != flat[:-1])
    begin, end = edges[::2], edges[1::2]
    long = end - begin >= at_least
    begin, end = begin[long], end[long]
    return Runs(begin // (columns + 2), begin % (columns + 2), end - begin)
