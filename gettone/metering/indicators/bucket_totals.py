"""Sums and extremes of energies by bucket: a day, a month, any run of slots; buckets merge exactly into longer ones."""

from dataclasses import astuple, dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from gettone.metering.calendar.bands import BANDS
from gettone.metering.calendar.slots import SLOT_S
from gettone.metering.indicators.arithmetic import BoolArray, Int64Array, group_sums
from gettone.metering.indicators.energies import Energies

NO_SLOT = -1
_EXTREMES = ("max_wh", "max_slot", "min_wh", "min_slot")


@dataclass(frozen=True, slots=True)
class BucketTotals:
    """Whole numbers by row and bucket, int64 [rows, buckets].

    expected, covered, measured: quarters of an hour inside membership, with a value, with a measured one.
    known_slots: slots with a value, at the step of the energies.  load .. self: energies [Wh].
    f1_wh, f2_wh, f3_wh: load in the tariff bands.  shared_wh: energy shared in the community (0 in a member's row).
    consumer_uwh, producer_uwh: a member's parts in the shared energy [µWh] (0 in the row of a community).
    max_wh, max_slot, min_wh, min_slot: extremes of the load over known slots, with the slot (of 900 s, since 1970) of
    the first of each; 0 and -1 where no slot is known.
    """

    expected: Int64Array
    covered: Int64Array
    measured: Int64Array
    known_slots: Int64Array
    load_wh: Int64Array
    production_wh: Int64Array
    withdrawn_wh: Int64Array
    injected_wh: Int64Array
    self_wh: Int64Array
    f1_wh: Int64Array
    f2_wh: Int64Array
    f3_wh: Int64Array
    shared_wh: Int64Array
    consumer_uwh: Int64Array
    producer_uwh: Int64Array
    max_wh: Int64Array
    max_slot: Int64Array
    min_wh: Int64Array
    min_slot: Int64Array

    def merged(self, firsts: Int64Array) -> "BucketTotals":
        """Consecutive buckets, beginning at `firsts`, put together."""
        sums = {name: group_sums(getattr(self, name), firsts) for name in COLUMNS if name not in _EXTREMES}
        known = self.known_slots > 0
        high = _firsts_of(self.max_wh, known, firsts)
        low = _firsts_of(-self.min_wh, known, firsts)
        extremes = {
            "max_wh": _at(self.max_wh, high, 0),
            "max_slot": _at(self.max_slot, high, NO_SLOT),
            "min_wh": _at(self.min_wh, low, 0),
            "min_slot": _at(self.min_slot, low, NO_SLOT),
        }
        return BucketTotals(**sums, **extremes)

    def cell(self, row: int, bucket: int) -> dict[str, int]:
        """One row's figures of one bucket, by name."""
        return {name: int(getattr(self, name)[row, bucket]) for name in COLUMNS}

    def table(self) -> Int64Array:
        """All figures as one array [rows, buckets, columns], in the order of `COLUMNS`."""
        return np.stack(astuple(self), axis=2)


COLUMNS = tuple(one.name for one in fields(BucketTotals))


def bucket_totals(
    energies: Energies, from_slot: int, bands: npt.NDArray[np.integer[Any]], firsts: Int64Array
) -> BucketTotals:
    """Totals of `energies`, which begin at `from_slot`, in buckets that begin at the positions `firsts`.

    `bands` [slots] holds 1, 2 or 3.  What is shared is no property of rows alone and stays 0: see `with_shared`.
    """
    known = energies.known
    load = energies.load_wh
    high, low = _firsts_of(load, known, firsts), _firsts_of(-load, known, firsts)
    quarters = energies.step_s // SLOT_S
    nothing = np.zeros((len(load), len(firsts)), np.int64)
    counts = [np.add.reduceat(one, firsts, axis=1, dtype=np.int64) for one in _counts(energies)]
    flows = [group_sums(one, firsts) for one in _flows(energies)]
    by_band = [group_sums(load * (bands == band), firsts) for band in BANDS]
    extremes = [
        _at(load, high, 0),
        np.where(high == NO_SLOT, NO_SLOT, from_slot + high * quarters),
        _at(load, low, 0),
        np.where(low == NO_SLOT, NO_SLOT, from_slot + low * quarters),
    ]
    return BucketTotals(*(counts + flows + by_band + [nothing] * 3 + extremes))


def _counts(energies: Energies) -> tuple[npt.NDArray[Any], ...]:
    return energies.expected, energies.covered, energies.measured, energies.known


def _flows(energies: Energies) -> tuple[Int64Array, ...]:
    return energies.load_wh, energies.production_wh, energies.withdrawn_wh, energies.injected_wh, energies.self_wh


def _firsts_of(values: Int64Array, known: BoolArray, firsts: Int64Array) -> Int64Array:
    """Position of the first greatest known value in each bucket, [rows, buckets]; NO_SLOT where none is known."""
    ends = [*firsts[1:].tolist(), values.shape[1]]
    found = np.full((len(values), len(firsts)), NO_SLOT, np.int64)
    shown = values if known.all() else np.where(known, values, np.iinfo(np.int64).min)
    for bucket, (first, end) in enumerate(zip(firsts.tolist(), ends, strict=True)):
        place = shown[:, first:end].argmax(axis=1) + first
        found[:, bucket] = np.where(known[:, first:end].any(axis=1), place, NO_SLOT)
    return found


def _at(values: Int64Array, places: Int64Array, otherwise: int) -> Int64Array:
    taken = np.take_along_axis(values, np.maximum(places, 0), axis=1)
    return np.where(places == NO_SLOT, otherwise, taken)
