"""Rule V15: figures that should agree with each other, and do not.  Findings only: nothing is changed by them."""

import numpy as np

from gettone.metering.checks.sequences import BoolArray
from gettone.metering.received import Int64Array

SUM_TOLERANCE_WH = 1
SOURCES_TOLERANCE_WH = 5
SOURCES_TOLERANCE_PERMILLE = 20
NIGHT_FROM_H, NIGHT_TO_H = 23, 3
NIGHT_PERMILLE = 20
HOUR_S = 3600


def sums_apart(sum_wh: Int64Array, total_wh: Int64Array, values: Int64Array) -> BoolArray:
    """C_SUM: a sum of `values` values and a register or band total differ by more than 1 Wh a value."""
    result: BoolArray = np.abs(sum_wh - total_wh) > SUM_TOLERANCE_WH * values
    return result


def sources_apart(one_wh: Int64Array, other_wh: Int64Array) -> BoolArray:
    """C_SOURCES: two measured sources of a slot differ by more than 5 Wh and by more than 2 % of the larger one."""
    difference = np.abs(one_wh - other_wh)
    larger = np.maximum(np.abs(one_wh), np.abs(other_wh))
    result: BoolArray = (difference > SOURCES_TOLERANCE_WH) & (1000 * difference > SOURCES_TOLERANCE_PERMILLE * larger)
    return result


def injected_from_nowhere(injected_wh: Int64Array, produced_wh: Int64Array, discharged_wh: Int64Array) -> BoolArray:
    """C_INJECT: a member injects more in an hour than was produced and discharged; all at least 0 [Wh]."""
    result: BoolArray = injected_wh > produced_wh + discharged_wh
    return result


def night_slots(start_s: Int64Array, offset_s: Int64Array) -> BoolArray:
    """Which slots, by start [unix s] and offset of local time [s], begin between 23:00 and 03:00."""
    hour = (start_s + offset_s) // HOUR_S % 24
    result: BoolArray = (hour >= NIGHT_FROM_H) | (hour < NIGHT_TO_H)
    return result


def produced_at_night(wh: Int64Array, measured: BoolArray, peak_w: Int64Array, step_s: int) -> BoolArray:
    """C_NIGHT: a plant yields more than 2 % of its peak power; for the columns of `night_slots` alone.

    wh, measured: [plants, columns]; peak_w: one for each plant, 0 where it is not known and nothing is found.
    """
    allowed = np.where(peak_w > 0, peak_w, np.iinfo(np.int32).max) * NIGHT_PERMILLE * step_s
    result: BoolArray = measured & (np.abs(wh) * (1000 * HOUR_S) > allowed[:, None])
    return result


def low_yields(produced_wh: Int64Array, peak_w: Int64Array) -> BoolArray:
    """C_YIELD: plants whose energy per kW of a month is less than half the median of all plants given.

    One element for each plant with a known peak: its energy of the month, at least 0, and its peak, above 0.  The
    yield is rounded down to Wh per kW; the median of an even number of plants lies between the two in the middle.
    """
    if not len(produced_wh):
        return np.zeros(0, dtype=np.bool_)
    yields: Int64Array = 1000 * produced_wh // peak_w
    ordered = np.sort(yields)
    middle = int(ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2])
    # yield < median / 2, with the median as a sum of two: no fraction is left.
    below: BoolArray = 4 * yields < middle
    return below


def by_hour(wh: Int64Array, measured: BoolArray, step_s: int) -> tuple[Int64Array, BoolArray]:
    """Energy of whole hours and where it is complete, from whole hours of columns: both [rows, hours]."""
    parts = HOUR_S // step_s
    shape = (wh.shape[0], wh.shape[1] // parts, parts)
    energy: Int64Array = np.where(measured, wh, 0).reshape(shape).sum(axis=2)
    return energy, np.asarray(measured.reshape(shape).all(axis=2))
