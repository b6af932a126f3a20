"""Columns of slots put into groups by a key, and the figures of each group."""

from dataclasses import dataclass

import numpy as np

from gettone.metering.indicators.arithmetic import INT64_MAX, BoolArray, Int64Array, deviation, fits, rhe_columns


@dataclass(frozen=True, slots=True)
class ColumnGroups:
    """Figures of the known values in every group; arrays are [rows, groups], `keys` ascending [groups].

    A group without known values has count 0, and its other figures mean nothing.
    """

    keys: Int64Array
    counts: Int64Array
    sums: Int64Array
    minima: Int64Array
    maxima: Int64Array
    _squares: Int64Array

    def means(self) -> list[list[int | None]]:
        """Half-even means by row and group, None where nothing is known."""
        means = rhe_columns(self.sums, np.maximum(self.counts, 1))
        return self._known(means)

    def lowest(self) -> list[list[int | None]]:
        """Least values by row and group."""
        return self._known(self.minima)

    def highest(self) -> list[list[int | None]]:
        """Greatest values by row and group."""
        return self._known(self.maxima)

    def deviations(self) -> list[list[int | None]]:
        """Standard deviations, rounded down, by row and group."""
        triples = zip(
            self.counts.ravel().tolist(), self.sums.ravel().tolist(), self._squares.ravel().tolist(), strict=True
        )
        flat = [deviation(*three) if three[0] else None for three in triples]
        width = self.sums.shape[1]
        return [flat[first : first + width] for first in range(0, len(flat), max(width, 1))]

    def _known(self, values: Int64Array) -> list[list[int | None]]:
        if self.counts.all():
            return [list(row) for row in values.tolist()]
        pairs = zip(values.tolist(), self.counts.tolist(), strict=True)
        return [[one if count else None for one, count in zip(*row, strict=True)] for row in pairs]


def group_columns(values: Int64Array, known: BoolArray, keys: Int64Array) -> ColumnGroups:
    """Group the columns of `values` [rows, slots] that have one key [slots]; unknown values do not count."""
    order = np.argsort(keys, kind="stable")
    ordered_keys, firsts = np.unique(keys[order], return_index=True)
    columns, marks = values[:, order], known[:, order]
    if not fits(columns, columns.shape[1]):
        raise OverflowError("a sum of energies does not fit 64 bits: no meter delivers such values")
    sums = columns if marks.all() else np.where(marks, columns, 0)
    # Squares of very large energies are summed as Python integers: slower, and as exact.
    largest = int(np.abs(sums).max(initial=0))
    exact = sums if largest * largest * columns.shape[1] <= INT64_MAX else sums.astype(object)
    return ColumnGroups(
        ordered_keys,
        np.add.reduceat(marks, firsts, axis=1, dtype=np.int64),
        np.add.reduceat(sums, firsts, axis=1),
        np.minimum.reduceat(np.where(marks, columns, INT64_MAX), firsts, axis=1),
        np.maximum.reduceat(np.where(marks, columns, -INT64_MAX), firsts, axis=1),
        np.add.reduceat(exact * exact, firsts, axis=1),
    )
