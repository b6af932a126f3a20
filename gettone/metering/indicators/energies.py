"""Load, production, withdrawn and injected energy of members, or of a community, per slot."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from gettone.metering.indicators.arithmetic import BoolArray, Int64Array, fits

Counts = npt.NDArray[np.integer[Any]]


@dataclass(frozen=True, slots=True)
class Energies:
    """Energies [Wh], all >= 0, int64 [rows, slots of step_s]; a row is a member or a whole community.

    expected, covered, measured: whole numbers [rows, slots], quarters of an hour inside membership, with a value in
    every channel, and with a measured one (quality 1 or 3) in every channel.
    has_plant: bool [rows], whether a production meter is among the channels (basis `physical`, else `grid`).
    """

    step_s: int
    load_wh: Int64Array
    production_wh: Int64Array
    withdrawn_wh: Int64Array
    injected_wh: Int64Array
    expected: Counts
    covered: Counts
    measured: Counts
    has_plant: BoolArray

    @property
    def self_wh(self) -> Int64Array:
        """Self-consumed energy A = min(L, P) [Wh]."""
        return np.minimum(self.load_wh, self.production_wh)

    @property
    def known(self) -> BoolArray:
        """Whether a slot has a value."""
        known: BoolArray = self.covered > 0
        return known

    def community(self) -> "Energies":
        """All rows summed per slot, as one row; basis `physical` when any of them has a plant meter."""
        return Energies(
            self.step_s,
            _slot_sums(self.load_wh),
            _slot_sums(self.production_wh),
            _slot_sums(self.withdrawn_wh),
            _slot_sums(self.injected_wh),
            self.expected.sum(axis=0, dtype=np.int64, keepdims=True),
            self.covered.sum(axis=0, dtype=np.int64, keepdims=True),
            self.measured.sum(axis=0, dtype=np.int64, keepdims=True),
            np.array([bool(self.has_plant.any())]),
        )

    def part(self, rows: slice, slots: slice = slice(None)) -> "Energies":
        """Some rows, some slots, as views."""
        return Energies(
            self.step_s,
            self.load_wh[rows, slots],
            self.production_wh[rows, slots],
            self.withdrawn_wh[rows, slots],
            self.injected_wh[rows, slots],
            self.expected[rows, slots],
            self.covered[rows, slots],
            self.measured[rows, slots],
            self.has_plant[rows],
        )


def _slot_sums(values: Int64Array) -> Int64Array:
    if not fits(values, len(values)):
        raise OverflowError("a slot total does not fit 64 bits: no meter delivers such values")
    totals: Int64Array = values.sum(axis=0, keepdims=True)
    return totals
