"""Daily schedules: one cron line, by the clock of the flow."""

from datetime import date

import pytest

from gettone.errors import InputError
from gettone.metering.schedule import DailySchedule

pytestmark = pytest.mark.unit

DAY_S = 86_400
# 29 March 2026 00:00 UTC: the clock of Rome leaps at 01:00 UTC.
SPRING_S = 1_774_742_400


@pytest.mark.parametrize(
    ("clock", "at_s"),
    [("utc", 13 * 3600 + 1800), ("+01:00", 12 * 3600 + 1800), ("Europe/Rome", 11 * 3600 + 1800)],
)
def test_at__clock_of_the_flow__is_kept(clock: str, at_s: int) -> None:
    assert DailySchedule.of("30 13 * * *", clock).at_s(date(2026, 3, 29)) == SPRING_S + at_s


def test_at__time_that_the_clock_skips__has_the_offset_before() -> None:
    assert DailySchedule.of("30 2 * * *", "Europe/Rome").at_s(date(2026, 3, 29)) == SPRING_S + 5400


def test_days__between_two_instants__are_those_whose_time_came() -> None:
    schedule = DailySchedule.of("0 12 * * *", "utc")
    noon_s = SPRING_S + DAY_S // 2
    assert schedule.days(noon_s - 1, noon_s) == (date(2026, 3, 29),)
    assert schedule.days(noon_s, noon_s + DAY_S - 1) == ()
    assert schedule.days(noon_s, noon_s + 2 * DAY_S) == (date(2026, 3, 30), date(2026, 3, 31))


@pytest.mark.parametrize("cron", ["", "30 13", "60 1 * * *", "0 24 * * *", "*/5 * * * *", "0 1 * * 1", "0 1 * * *\n"])
def test_schedule__anything_but_a_time_of_every_day__is_refused(cron: str) -> None:
    with pytest.raises(InputError, match="send_cron"):
        DailySchedule.of(cron, "utc")
