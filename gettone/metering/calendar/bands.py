"""The Italian time-of-use bands F1, F2, F3 in local time (metering specification §5)."""

import numpy as np
import numpy.typing as npt

from gettone.metering.calendar.slots import HOUR_S, SlotCalendar

BANDS = (1, 2, 3)
_SATURDAY, _SUNDAY = 5, 6


def band_numbers(calendar: SlotCalendar) -> npt.NDArray[np.int8]:
    """Band 1, 2 or 3 of every slot, int8 [slots].

    F1: Monday to Friday 08-19.  F2: Monday to Friday 07-08 and 19-23, Saturday 07-23.  F3: the rest, and all of
    Sundays and holidays.

    >>> slot = 1_745_222_400 // 900
    >>> band_numbers(SlotCalendar(slot, slot + 1, 900, "Europe/Rome")).tolist()
    [3]
    """
    hour = calendar.second_of_day // HOUR_S
    weekday = calendar.weekday
    by_day = (hour >= 7) & (hour < 23) & (weekday != _SUNDAY) & ~calendar.is_holiday
    bands = np.where(by_day, 2, 3).astype(np.int8)
    bands[by_day & (weekday < _SATURDAY) & (hour >= 8) & (hour < 19)] = 1
    return bands
