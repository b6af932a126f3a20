"""Rule V19: what a closed local day should hold and what it holds, for each channel."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np

from gettone.metering.checks.gaps import measured_in
from gettone.metering.checks.sequences import BoolArray
from gettone.metering.received import Int8Array, Int64Array
from gettone.periods import midnight_s
from gettone.types import Quality

SLOT_S = 900


@dataclass(frozen=True, slots=True)
class DayCounts:
    """Counts of native slots and sums in Wh by channel and day, each [rows, days].

    expected: slots wholly inside membership; the others count only among those, and each slot once.  actual: quality
    1 or 3.  quarantined: a value waits for a person and no measured one stands in its place.  substituted: quality 4.
    estimated: quality 2 or an estimate of V17.  wh_plus, wh_minus: energy of all of them by sign, as absolute
    values; what waits in quarantine has none of its own, but may have an estimate.
    """

    expected: Int64Array
    actual: Int64Array
    estimated: Int64Array
    substituted: Int64Array
    quarantined: Int64Array
    wh_plus: Int64Array
    wh_minus: Int64Array


def day_starts(days: range, zone: ZoneInfo) -> Int64Array:
    """The first slot of each local day (days since 1970-01-01) of a range, and of the day after the last."""
    starts = [midnight_s(date.fromordinal(_EPOCH + day), zone) // SLOT_S for day in (*days, days.stop)]
    return np.array(starts, dtype=np.int64)


_EPOCH = date(1970, 1, 1).toordinal()


def count_days(
    wh: Int64Array, quality: Int8Array, held: BoolArray, expected: BoolArray, firsts: Int64Array
) -> DayCounts:
    """V19 for whole local days.

    All matrices are [rows, columns] of native slots; where V17 gives an estimate, wh holds it and quality is 2; held:
    a value waits for a person; firsts: the first column of each day, from 0 on, ascending.

    Invariant: actual + estimated + substituted + quarantined <= expected.
    """
    measured = measured_in(quality) & expected
    waiting = held & expected & ~measured
    filled = (quality != Quality.MISSING) & expected
    substituted = (quality == Quality.SUBSTITUTED) & expected & ~waiting
    energy = np.where(filled, wh, 0)
    total = np.add.reduceat(energy, firsts, axis=1)
    plus = np.add.reduceat(np.maximum(energy, 0), firsts, axis=1)
    return DayCounts(
        expected=_per_day(expected, firsts),
        actual=_per_day(measured, firsts),
        estimated=_per_day(filled & ~(measured | waiting | substituted), firsts),
        substituted=_per_day(substituted, firsts),
        quarantined=_per_day(waiting, firsts),
        wh_plus=plus,
        wh_minus=plus - total,
    )


def _per_day(mask: BoolArray, firsts: Int64Array) -> Int64Array:
    counts: Int64Array = np.add.reduceat(mask, firsts, axis=1, dtype=np.int64)
    return counts
