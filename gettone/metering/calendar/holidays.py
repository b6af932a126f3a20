"""Public holidays as data with validity: fixed dates, and days counted from Easter."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class HolidayRule:
    """One holiday of every year from `from_year` to `to_year` (both included; None is open).

    month, day: the fixed date; both 0 for a day counted from Easter Sunday, `easter_offset_days` after it.
    confirmed: only confirmed holidays count; an unconfirmed one is kept until its effect on tariffs is certain.
    source: where the holiday stands.
    """

    name: str
    month: int
    day: int
    easter_offset_days: int
    from_year: int
    to_year: int | None
    confirmed: bool
    source: str

    def in_year(self, year: int) -> date | None:
        """The date in a year, or None where the rule does not hold or is not confirmed."""
        if not self.confirmed or year < self.from_year or (self.to_year is not None and year > self.to_year):
            return None
        if self.month:
            return date(year, self.month, self.day)
        return easter_sunday(year) + timedelta(days=self.easter_offset_days)


_LAW_260 = "Law 260/1949"

ITALIAN_HOLIDAYS = (
    HolidayRule("new_year", 1, 1, 0, 1949, None, True, _LAW_260),
    HolidayRule("epiphany", 1, 6, 0, 1986, None, True, "Decree 792/1985"),
    HolidayRule("easter_monday", 0, 0, 1, 1949, None, True, _LAW_260),
    HolidayRule("liberation", 4, 25, 0, 1949, None, True, _LAW_260),
    HolidayRule("labour", 5, 1, 0, 1949, None, True, _LAW_260),
    HolidayRule("republic", 6, 2, 0, 2001, None, True, "Law 336/2000"),
    HolidayRule("assumption", 8, 15, 0, 1949, None, True, _LAW_260),
    HolidayRule("saint_francis", 10, 4, 0, 2026, None, False, "Law 151/2025, not yet confirmed for tariff bands"),
    HolidayRule("all_saints", 11, 1, 0, 1949, None, True, _LAW_260),
    HolidayRule("immaculate", 12, 8, 0, 1949, None, True, _LAW_260),
    HolidayRule("christmas", 12, 25, 0, 1949, None, True, _LAW_260),
    HolidayRule("saint_stephen", 12, 26, 0, 1949, None, True, _LAW_260),
)
"""Holidays of the Italian tariff bands (metering specification §5)."""


def easter_sunday(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (anonymous algorithm of 1876, exact for every year).

    >>> easter_sunday(2025), easter_sunday(2026)
    (datetime.date(2025, 4, 20), datetime.date(2026, 4, 5))
    """
    century, in_century = divmod(year, 100)
    leap_centuries, rest = divmod(century, 4)
    moon_shift = (century - (century + 8) // 25 + 1) // 3
    golden = year % 19
    epact = (19 * golden + century - leap_centuries - moon_shift + 15) % 30
    weekday = (32 + 2 * rest + 2 * (in_century // 4) - epact - in_century % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def holidays_between(first: date, last: date, rules: Iterable[HolidayRule] = ITALIAN_HOLIDAYS) -> frozenset[date]:
    """The holidays among the dates from `first` to `last`, both included."""
    found = (rule.in_year(year) for rule in rules for year in range(first.year, last.year + 1))
    return frozenset(one for one in found if one is not None and first <= one <= last)
