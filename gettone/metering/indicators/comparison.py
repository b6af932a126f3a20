"""Which earlier range a range is compared with: of equal length and with the same day types (specification §5)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from gettone.metering.calendar.holidays import ITALIAN_HOLIDAYS, HolidayRule, holidays_between

_WEEK = 7
_WEEKS_OF_A_YEAR = 52
_WEEKS_TRIED = 8


@dataclass(frozen=True, slots=True)
class DateRange:
    """Local dates [first, end)."""

    first: date
    end: date

    @property
    def days(self) -> int:
        """How many."""
        return (self.end - self.first).days

    def earlier(self, weeks: int) -> "DateRange":
        """The same weekdays some weeks before."""
        shift = timedelta(days=_WEEK * weeks)
        return DateRange(self.first - shift, self.end - shift)


def previous_range(asked: DateRange, rules: Iterable[HolidayRule] = ITALIAN_HOLIDAYS) -> DateRange | None:
    """The latest range before `asked`, whole weeks earlier, with as many work days; None if 8 weeks hold none.

    >>> previous_range(DateRange(date(2026, 3, 9), date(2026, 3, 16)))
    DateRange(first=datetime.date(2026, 3, 2), end=datetime.date(2026, 3, 9))
    """
    nearest = -(-asked.days // _WEEK)
    return _alike(asked, range(nearest, nearest + _WEEKS_TRIED), tuple(rules))


def same_of_last_year(asked: DateRange, rules: Iterable[HolidayRule] = ITALIAN_HOLIDAYS) -> DateRange | None:
    """The range 52 weeks before `asked`, or the nearest one around it with as many work days.

    >>> same_of_last_year(DateRange(date(2026, 3, 9), date(2026, 3, 16)))
    DateRange(first=datetime.date(2025, 3, 10), end=datetime.date(2025, 3, 17))
    """
    steps = sorted(range(-_WEEKS_TRIED // 2, _WEEKS_TRIED // 2 + 1), key=abs)
    return _alike(asked, (_WEEKS_OF_A_YEAR + step for step in steps), tuple(rules))


def _alike(asked: DateRange, weeks: Iterable[int], rules: tuple[HolidayRule, ...]) -> DateRange | None:
    wanted = work_days(asked, rules)
    candidates = (asked.earlier(one) for one in weeks)
    return next((one for one in candidates if work_days(one, rules) == wanted), None)


def work_days(asked: DateRange, rules: Iterable[HolidayRule] = ITALIAN_HOLIDAYS) -> int:
    """Days from Monday to Friday that are no holidays."""
    dates = [asked.first + timedelta(days=number) for number in range(asked.days)]
    free = holidays_between(asked.first, asked.end, rules)
    return sum(one.weekday() < 5 and one not in free for one in dates)
