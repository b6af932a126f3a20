"""Settlement periods: from `2016-09`, `2016-W37`, `2016-09-14` or `FROM/TO` to half-open UTC ranges."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from gettone.errors import InputError
from gettone.types import DAY_S, LocalClock, SettlementPeriod

BASELINE_DAYS = 28
FIRST_YEAR, LAST_YEAR = 1971, 2105
"""Slots and instants of the notarization are unsigned 32-bit or count from 1970."""

_MONTH = re.compile(r"(\d{4})-(\d{2})")
_WEEK = re.compile(r"(\d{4})-W(\d{2})")


def parse_period(text: str, timezone: str) -> SettlementPeriod:
    """Read a period as people write it.

    `text` is a month `2016-09`, a local day `2016-09-14`, an ISO week `2016-W37`, or `FROM/TO`, two local
    dates of which the second is exclusive.  Raises InputError for anything else, for an empty range, and
    for a time zone whose midnights do not fall on a quarter of an hour in UTC (rewards specification §1).
    """
    first, last = _local_dates(text)
    if first.year < FIRST_YEAR or last.year > LAST_YEAR:
        raise InputError("period_range", f"period {text!r} is outside the years {FIRST_YEAR} to {LAST_YEAR}")
    if first >= last:
        raise InputError("period_empty", f"period {text!r} is empty: its end is not after its start")
    return period_of_dates(first, last, timezone)


def period_of_dates(first: date, last: date, timezone: str) -> SettlementPeriod:
    """The period [first, last) of local dates in `timezone`."""
    zone = load_zone(timezone)
    start_s, end_s = midnight_s(first, zone), midnight_s(last, zone)
    if start_s % 900 or end_s % 900:
        raise InputError(
            "timezone_midnight",
            f"time zone {timezone!r} cannot be used: its midnight is not a multiple of 900 s in UTC",
        )
    clock = local_clock(midnight_s(first - timedelta(days=BASELINE_DAYS), zone), end_s, zone)
    return SettlementPeriod(start_s, end_s, clock, timezone)


def load_zone(timezone: str) -> ZoneInfo:
    """The zone of an IANA name; InputError for an unknown one."""
    try:
        return ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InputError(
            "timezone_unknown",
            f"time zone {timezone!r} is not known: use an IANA name such as Europe/Rome",
        ) from None


def midnight_s(day: date, zone: ZoneInfo) -> int:
    """Unix seconds of the first instant of a local date."""
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp())


def local_date(instant_s: int, timezone: str) -> date:
    """The date on the local calendar at an instant."""
    return datetime.fromtimestamp(instant_s, load_zone(timezone)).date()


def utc_text(instant_s: int) -> str:
    """An instant as people and programs read it: `2016-09-01T07:00:00Z`."""
    return datetime.fromtimestamp(instant_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def local_clock(from_s: int, to_s: int, zone: ZoneInfo) -> LocalClock:
    """Offsets of `zone` at `from_s` and at each change before `to_s`, as the notarization keeps them."""
    points = [(from_s, _offset_s(from_s, zone))]
    instant = from_s
    while instant < to_s:
        step = min(instant + DAY_S, to_s)
        if _offset_s(step, zone) != points[-1][1]:
            change = _first_change_s(instant, step, zone)
            if change < to_s:
                points.append((change, _offset_s(change, zone)))
        instant = step
    return LocalClock(tuple(points))


def _first_change_s(low: int, high: int, zone: ZoneInfo) -> int:
    before = _offset_s(low, zone)
    while high - low > 1:
        middle = (low + high) // 2
        if _offset_s(middle, zone) == before:
            low = middle
        else:
            high = middle
    return high


def _offset_s(instant_s: int, zone: ZoneInfo) -> int:
    offset = datetime.fromtimestamp(instant_s, zone).utcoffset()
    return int(offset.total_seconds()) if offset is not None else 0


def _local_dates(text: str) -> tuple[date, date]:
    try:
        if "/" in text:
            first, last = text.split("/")
            return date.fromisoformat(first), date.fromisoformat(last)
        if month := _MONTH.fullmatch(text):
            first_day = date(int(month[1]), int(month[2]), 1)
            return first_day, (first_day + timedelta(days=31)).replace(day=1)
        if week := _WEEK.fullmatch(text):
            monday = date.fromisocalendar(int(week[1]), int(week[2]), 1)
            return monday, monday + timedelta(days=7)
        day = date.fromisoformat(text)
        return day, day + timedelta(days=1)
    except (ValueError, OverflowError):
        raise InputError(
            "period_syntax",
            f"period {text!r} is not understood: "
            "write 2016-09, 2016-09-14, 2016-W37 or 2016-09-01/2016-09-15 (the second date is not included)",
        ) from None
