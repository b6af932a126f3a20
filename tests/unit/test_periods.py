"""Periods as people write them, and the local clock that groups their slots."""

from datetime import date, timedelta

import pytest

from gettone.errors import InputError
from gettone.periods import parse_period, period_of_dates
from gettone.types import DAY_S

pytestmark = pytest.mark.unit
ROME = "Europe/Rome"


@pytest.mark.parametrize(
    ("text", "zone", "start_s", "hours"),
    [
        ("2016-09", "America/Los_Angeles", 1_472_713_200, 720),
        ("2026-03-29", ROME, 1_774_738_800, 23),
        ("2026-10-25", ROME, 1_792_879_200, 25),
        ("2016-W37", "UTC", 1_473_638_400, 168),
        ("2024-04-18/2024-04-21", "UTC", 1_713_398_400, 72),
        ("2025-12", ROME, 1_764_543_600, 744),
    ],
)
def test_parse_period__every_form__gives_local_days_in_utc(text: str, zone: str, start_s: int, hours: int) -> None:
    period = parse_period(text, zone)
    assert (period.start_s, (period.end_s - period.start_s) // 3600) == (start_s, hours)


@pytest.mark.parametrize("text", ["2016-13", "2016", "september", "2016-W60", "2016-09-31", "a/b", "1/2/3"])
def test_parse_period__not_a_period__is_refused_with_the_forms(text: str) -> None:
    with pytest.raises(InputError, match="2016-W37"):
        parse_period(text, ROME)


def test_parse_period__end_before_start__is_refused() -> None:
    with pytest.raises(InputError, match="empty"):
        parse_period("2016-09-02/2016-09-02", ROME)


def test_parse_period__midnight_off_the_quarter__is_refused() -> None:
    with pytest.raises(InputError, match="multiple of 900 s"):
        parse_period("1971-01-01", "Africa/Monrovia")


@pytest.mark.parametrize("text", ["1890-01", "2300-01-01", "9999-12"])
def test_parse_period__outside_the_range__is_refused(text: str) -> None:
    with pytest.raises(InputError):
        parse_period(text, ROME)


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "/etc/passwd", "../x"])
def test_parse_period__unknown_zone__is_refused(zone: str) -> None:
    with pytest.raises(InputError) as refusal:
        parse_period("2016-09", zone)
    assert refusal.value.code == "timezone_unknown"


def test_clock__spring_and_autumn__names_each_change_to_the_second() -> None:
    period = parse_period("2026-03-01/2026-11-01", ROME)
    assert period.clock.points[1:] == ((1_774_746_000, 7200), (1_792_890_000, 3600))


def test_clock__baseline__starts_28_local_days_earlier() -> None:
    period = parse_period("2026-04-10", ROME)
    assert period.clock.points[0] == (1_773_356_400, 3600)
    assert period.clock.local_day(1_773_356_400) == period.clock.local_day(period.start_s) - 28


def test_local_day__every_day_2000_to_2040__has_its_hours() -> None:
    """Every local day starts where the one before ended, and has 23, 24 or 25 hours."""
    end_s = None
    day = date(2000, 1, 1)
    while day < date(2040, 1, 1):
        period = period_of_dates(day, day + timedelta(days=1), ROME)
        assert end_s in (None, period.start_s)
        assert (period.end_s - period.start_s) // 3600 in (23, 24, 25)
        number = period.clock.local_day(period.start_s)
        assert number == (day - date(1970, 1, 1)).days
        assert period.clock.local_day(period.end_s - 1) == number
        end_s = period.end_s
        day += timedelta(days=1)


def test_local_hour__repeated_hour__is_two_twice() -> None:
    clock = parse_period("2026-10-25", ROME).clock
    midnight_s = 1_792_879_200
    hours = [clock.local_hour(midnight_s + i * 3600) for i in range(25)]
    assert hours[:5] == [0, 1, 2, 2, 3]
    assert len(hours) * 3600 == DAY_S + 3600
