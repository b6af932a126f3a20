"""K20: days whose load leaves the usual range of their time of day."""

from dataclasses import dataclass

import numpy as np

from gettone.metering.calendar.slots import SlotCalendar
from gettone.metering.indicators.arithmetic import BoolArray, Int64Array, rank_of
from gettone.metering.indicators.peaks import BASE_PERMILLE, PEAK_PERMILLE

REFERENCE_DAYS = 56
TOLERANCE_WH = 250
SLOTS_OF_AN_ANOMALY = 8
# Fewer values than this say nothing about what is usual.
_LEAST_VALUES = 8


@dataclass(frozen=True, slots=True)
class DayAnomaly:
    """A local day (since 1970-01-01) with the number of its slots outside the usual range; 8 make an anomaly."""

    day: int
    slots: int

    @property
    def is_anomalous(self) -> bool:
        """Whether enough slots lie outside."""
        return self.slots >= SLOTS_OF_AN_ANOMALY


def daily_anomalies(wh: Int64Array, known: BoolArray, calendar: SlotCalendar, first_day: int) -> list[DayAnomaly]:
    """K20 of every local day from `first_day` on, of one load [slots] that begins up to 8 weeks earlier.

    A slot is outside when it lies by more than 250 Wh outside [pc 25, pc 975] of the same wall-clock position on days
    of the same type (work day or not) in the 8 weeks before.
    """
    days = np.unique(calendar.days[calendar.days >= first_day]).tolist()
    return [DayAnomaly(day, _outside(wh, known, calendar, day)) for day in days]


def _outside(wh: Int64Array, known: BoolArray, calendar: SlotCalendar, day: int) -> int:
    today = np.flatnonzero((calendar.days == day) & known)
    if not today.size:
        return 0
    earlier = (calendar.days >= day - REFERENCE_DAYS) & (calendar.days < day) & known
    earlier &= calendar.is_work_day == calendar.is_work_day[today[0]]
    positions, values = calendar.position[earlier], wh[earlier]
    order = np.lexsort((values, positions))
    positions, values = positions[order], values[order]
    bounds = np.searchsorted(positions, np.arange(calendar.slots_a_day + 1)).tolist()
    count = 0
    for position, value in zip(calendar.position[today].tolist(), wh[today].tolist(), strict=True):
        usual = values[bounds[position] : bounds[position + 1]]
        if usual.size >= _LEAST_VALUES:
            low = int(usual[rank_of(usual.size, BASE_PERMILLE) - 1])
            high = int(usual[rank_of(usual.size, PEAK_PERMILLE) - 1])
            count += value < low - TOLERANCE_WH or value > high + TOLERANCE_WH
    return count
