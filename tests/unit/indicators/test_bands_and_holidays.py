"""Tariff bands in local time, and the holidays they rest on (specification §5)."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from gettone.errors import InputError
from gettone.metering.calendar.bands import band_numbers
from gettone.metering.calendar.holidays import ITALIAN_HOLIDAYS, easter_sunday, holidays_between
from gettone.metering.calendar.slots import Resolution, SlotCalendar

pytestmark = pytest.mark.unit

ROME = ZoneInfo("Europe/Rome")


def slot_of(*local: int) -> int:
    return int(datetime(*local, tzinfo=ROME).timestamp()) // 900  # type: ignore[misc]


def month(year: int, number: int, step_s: int = 900) -> SlotCalendar:
    following = (year + 1, 1) if number == 12 else (year, number + 1)
    return SlotCalendar(slot_of(year, number, 1), slot_of(*following, 1), step_s, "Europe/Rome")


@pytest.mark.parametrize(
    ("calendar", "quarters"),
    [
        (month(2025, 4), (880, 656, 1_344)),
        (month(2026, 3), (968, 696, 1_308)),
        (month(2026, 10), (968, 760, 1_252)),
    ],
    ids=["april 2025", "march 2026", "october 2026"],
)
def test_bands__whole_months__have_the_quarters_of_the_specification(
    calendar: SlotCalendar, quarters: tuple[int, ...]
) -> None:
    bands = band_numbers(calendar)
    assert tuple(int((bands == band).sum()) for band in (1, 2, 3)) == quarters


@pytest.mark.parametrize(
    ("local", "band"),
    [
        ((2025, 4, 21, 10, 0), 3),
        ((2025, 4, 22, 7, 45), 2),
        ((2025, 4, 22, 8, 0), 1),
        ((2025, 4, 22, 18, 45), 1),
        ((2025, 4, 22, 19, 0), 2),
        ((2025, 4, 22, 22, 45), 2),
        ((2025, 4, 22, 23, 0), 3),
        ((2025, 4, 22, 6, 45), 3),
        ((2025, 4, 26, 7, 0), 2),
        ((2025, 4, 26, 12, 0), 2),
        ((2025, 4, 27, 12, 0), 3),
        ((2025, 4, 25, 12, 0), 3),
    ],
)
def test_bands__one_quarter__by_day_and_hour(local: tuple[int, ...], band: int) -> None:
    slot = slot_of(*local)
    assert band_numbers(SlotCalendar(slot, slot + 1, 900, "Europe/Rome")).tolist() == [band]


@pytest.mark.parametrize(
    ("year", "easter"),
    [(2000, (4, 23)), (2008, (3, 23)), (2011, (4, 24)), (2024, (3, 31)), (2025, (4, 20)), (2038, (4, 25))],
)
def test_easter__known_years__is_that_sunday(year: int, easter: tuple[int, int]) -> None:
    assert easter_sunday(year) == date(year, *easter)


def test_holidays__2026__are_eleven_and_leave_out_4_october() -> None:
    found = holidays_between(date(2026, 1, 1), date(2026, 12, 31))
    assert len(found) == 11
    assert date(2026, 10, 4) not in found


def test_holidays__4_october__is_present_in_the_list_from_2026_and_unconfirmed() -> None:
    francis = next(one for one in ITALIAN_HOLIDAYS if (one.month, one.day) == (10, 4))
    assert (francis.from_year, francis.confirmed) == (2026, False)


def test_holidays__a_rule_before_its_first_year__does_not_hold() -> None:
    assert date(2000, 6, 2) not in holidays_between(date(2000, 1, 1), date(2000, 12, 31))


@pytest.mark.parametrize(("day", "quarters"), [((2026, 3, 29), 92), ((2026, 3, 30), 96), ((2026, 10, 25), 100)])
def test_calendar__days_of_the_clock_change__have_their_own_length(day: tuple[int, int, int], quarters: int) -> None:
    start = slot_of(*day)
    days = SlotCalendar(start, start + 192, 900, "Europe/Rome").buckets(Resolution.DAY)
    assert days.firsts[1] == quarters


def test_calendar__the_repeated_hour__is_two_hours_with_their_offsets() -> None:
    start = slot_of(2026, 10, 25)
    hours = SlotCalendar(start, start + 100, 900, "Europe/Rome").buckets(Resolution.HOUR)
    assert hours.labels[2:4] == ("2026-10-25T02:00+02:00", "2026-10-25T02:00+01:00")


def test_calendar__iso_weeks__are_labelled_by_their_thursday() -> None:
    start = slot_of(2026, 12, 28)
    weeks = SlotCalendar(start, start + 2 * 7 * 96, 900, "Europe/Rome").buckets(Resolution.WEEK)
    assert weeks.labels == ("2026-W53", "2027-W01")


@pytest.mark.parametrize(
    ("resolution", "labels"),
    [(Resolution.MONTH, ("2026-03",)), (Resolution.YEAR, ("2026",)), (Resolution.WHOLE, ("2026-03-01",))],
)
def test_calendar__long_buckets__are_labelled_by_their_local_dates(
    resolution: Resolution, labels: tuple[str, ...]
) -> None:
    assert month(2026, 3).buckets(resolution).labels == labels


def test_calendar__a_range_that_cuts_an_hour__is_refused() -> None:
    with pytest.raises(InputError, match="multiples of the metering step"):
        SlotCalendar(slot_of(2026, 3, 1) + 1, slot_of(2026, 3, 2), 3600, "Europe/Rome")
