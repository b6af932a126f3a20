"""When a file is fetched: once a day, at the time of the flow's clock that its cron line states (§3.2)."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone, tzinfo

from gettone.errors import InputError
from gettone.metering.clock import check_clock, fixed_offset_s, is_fixed
from gettone.periods import load_zone

_CRON = re.compile(r"([0-5]?\d) ([01]?\d|2[0-3]) \* \* \*", re.ASCII)


@dataclass(frozen=True, slots=True)
class DailySchedule:
    """Every day at `hour`:`minute` of a clock: `utc`, an offset as `+01:00`, or a zone name."""

    hour: int
    minute: int
    clock: str

    @classmethod
    def of(cls, cron: str, clock: str) -> "DailySchedule":
        """The schedule of a cron line; InputError for any other than `MINUTE HOUR * * *`.

        >>> DailySchedule.of("30 13 * * *", "Europe/Rome")
        DailySchedule(hour=13, minute=30, clock='Europe/Rome')
        """
        found = _CRON.fullmatch(cron)
        if found is None:
            raise InputError("cron_syntax", f"send_cron {cron!r} is no time of every day: write it as 30 13 * * *")
        check_clock(clock)
        return cls(int(found[2]), int(found[1]), clock)

    def at_s(self, day: date) -> int:
        """The instant of a day [unix s]; a time that the clock skips is taken with the offset before it."""
        return int(datetime.combine(day, time(self.hour, self.minute), self._zone()).timestamp())

    def day_of(self, instant_s: int) -> date:
        """The local day of an instant [unix s]."""
        return datetime.fromtimestamp(instant_s, self._zone()).date()

    def days(self, after_s: int, until_s: int) -> tuple[date, ...]:
        """The days whose time lies in (after_s, until_s] [unix s]."""
        first, last = self.day_of(after_s), self.day_of(until_s)
        days = (first + timedelta(days=number) for number in range((last - first).days + 1))
        return tuple(day for day in days if after_s < self.at_s(day) <= until_s)

    def _zone(self) -> tzinfo:
        if is_fixed(self.clock):
            return timezone(timedelta(seconds=fixed_offset_s(self.clock)))
        return load_zone(self.clock)
