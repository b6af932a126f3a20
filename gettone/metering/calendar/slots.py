"""The local time of every slot of a range, by column: day, weekday, wall-clock position, month, week, season."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cached_property

import numpy as np
import numpy.typing as npt

from gettone.errors import InputError
from gettone.metering.calendar.holidays import ITALIAN_HOLIDAYS, HolidayRule, holidays_between
from gettone.periods import load_zone, local_clock
from gettone.types import DAY_S

Int64Array = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

SLOT_S = 900
HOUR_S = 3600
EPOCH = date(1970, 1, 1)
# 1 January 1970 was a Thursday, the fourth day of a week that begins on Monday.
_EPOCH_WEEKDAY = 3


class Resolution(StrEnum):
    """How finely a range is told."""

    SLOT = "slot"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class Buckets:
    """Consecutive slots put together.

    firsts: int64 [buckets], the position of the first slot of each.  labels: one text a bucket, in local time.
    """

    firsts: Int64Array
    labels: tuple[str, ...]


@dataclass(frozen=True)
class SlotCalendar:
    """Local time of the slots of `step_s` [s] in [from_slot, to_slot), which are in units of 900 s.

    `rules` are the holidays of the place.  Raises InputError for a range that does not hold whole slots.
    """

    from_slot: int
    to_slot: int
    step_s: int
    timezone: str
    rules: tuple[HolidayRule, ...] = ITALIAN_HOLIDAYS

    def __post_init__(self) -> None:
        """Refuse a range that is empty or cuts a slot."""
        quarters = self.step_s // SLOT_S
        if self.from_slot >= self.to_slot or self.from_slot % quarters or self.to_slot % quarters:
            raise InputError(
                "range_slots",
                f"the range of slots {self.from_slot} to {self.to_slot} does not hold whole slots of {self.step_s} s: "
                "use bounds that are multiples of the metering step",
            )

    @cached_property
    def starts_s(self) -> Int64Array:
        """Start of every slot [unix s], int64 [slots]."""
        return np.arange(self.from_slot * SLOT_S, self.to_slot * SLOT_S, self.step_s, dtype=np.int64)

    @cached_property
    def offsets_s(self) -> Int64Array:
        """UTC offset [s] in force at the start of every slot."""
        points = local_clock(self.from_slot * SLOT_S, self.to_slot * SLOT_S, load_zone(self.timezone)).points
        instants = np.array([instant for instant, _ in points], np.int64)
        offsets = np.array([offset for _, offset in points], np.int64)
        return offsets[np.searchsorted(instants, self.starts_s, side="right") - 1]

    @cached_property
    def days(self) -> Int64Array:
        """Local day of every slot, days since 1970-01-01."""
        return (self.starts_s + self.offsets_s) // DAY_S

    @cached_property
    def second_of_day(self) -> Int64Array:
        """Wall-clock seconds since local midnight."""
        return (self.starts_s + self.offsets_s) % DAY_S

    @cached_property
    def position(self) -> Int64Array:
        """Wall-clock position k in the day, 0 .. slots_a_day - 1; the repeated hour repeats its positions."""
        return self.second_of_day // self.step_s

    @property
    def slots_a_day(self) -> int:
        """Wall-clock positions of a day: 96 quarters, 48 halves or 24 hours."""
        return DAY_S // self.step_s

    @cached_property
    def weekday(self) -> Int64Array:
        """0 Monday .. 6 Sunday."""
        return (self.days + _EPOCH_WEEKDAY) % 7

    @cached_property
    def is_holiday(self) -> BoolArray:
        """Whether the local day is a public holiday."""
        first, last = int(self.days[0]), int(self.days[-1])
        known = holidays_between(day_date(first), day_date(last), self.rules)
        by_day = np.array([day_date(day) in known for day in range(first, last + 1)], np.bool_)
        return by_day[self.days - first]

    @cached_property
    def is_work_day(self) -> BoolArray:
        """Monday to Friday, holidays apart."""
        return (self.weekday < 5) & ~self.is_holiday

    @cached_property
    def month(self) -> Int64Array:
        """Month 1 .. 12 of the local day."""
        return self._months % 12 + 1

    @cached_property
    def season(self) -> Int64Array:
        """0 winter (December to February), 1 spring, 2 summer, 3 autumn: the meteorological seasons."""
        return self.month % 12 // 3

    @cached_property
    def _months(self) -> Int64Array:
        """Months since January 1970."""
        return self.days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)

    def buckets(self, resolution: Resolution) -> Buckets:
        """The slots put together by resolution, in order; the last and the first one may be incomplete."""
        keys = self._keys(resolution)
        changes = np.flatnonzero(np.any([key[1:] != key[:-1] for key in keys], axis=0)) + 1
        firsts = np.concatenate(([0], changes)).astype(np.int64)
        return Buckets(firsts, tuple(self._labels(resolution, firsts)))

    def day_count(self) -> int:
        """Local days that the range touches."""
        return int(self.days[-1] - self.days[0]) + 1

    def _keys(self, resolution: Resolution) -> tuple[Int64Array, ...]:
        if resolution is Resolution.HOUR:
            # The repeated hour differs from the first one in its offset alone.
            return ((self.starts_s + self.offsets_s) // HOUR_S, self.offsets_s)
        keys: dict[Resolution, Callable[[], Int64Array]] = {
            Resolution.SLOT: lambda: self.starts_s,
            Resolution.DAY: lambda: self.days,
            Resolution.WEEK: lambda: (self.days + _EPOCH_WEEKDAY) // 7,
            Resolution.MONTH: lambda: self._months,
            Resolution.YEAR: lambda: self._months // 12,
            Resolution.WHOLE: lambda: np.zeros_like(self.starts_s),
        }
        return (keys[resolution](),)

    def _labels(self, resolution: Resolution, firsts: Int64Array) -> Iterable[str]:
        if resolution in (Resolution.SLOT, Resolution.HOUR):
            pairs = zip(self.starts_s[firsts].tolist(), self.offsets_s[firsts].tolist(), strict=True)
            return (local_text(start_s, offset_s) for start_s, offset_s in pairs)
        dates = (day_date(day) for day in self.days[firsts].tolist())
        match resolution:
            case Resolution.WEEK:
                return ("{}-W{:02d}".format(*one.isocalendar()[:2]) for one in dates)
            case Resolution.MONTH:
                return (f"{one:%Y-%m}" for one in dates)
            case Resolution.YEAR:
                return (f"{one:%Y}" for one in dates)
            case _:
                return (one.isoformat() for one in dates)


def day_date(day: int) -> date:
    """The date of a number of days since 1970-01-01."""
    return EPOCH + timedelta(days=day)


def local_text(start_s: int, offset_s: int) -> str:
    """A local time with its offset: `2016-09-01T00:00-07:00`."""
    sign, minutes = ("-", -offset_s // 60) if offset_s < 0 else ("+", offset_s // 60)
    shown = datetime.fromtimestamp(start_s + offset_s, UTC).strftime("%Y-%m-%dT%H:%M")
    return f"{shown}{sign}{minutes // 60:02d}:{minutes % 60:02d}"
