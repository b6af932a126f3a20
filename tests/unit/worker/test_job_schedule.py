"""When a job is due: intervals, times of day over changes of the clock, and waits after failures."""

from datetime import UTC, datetime

import pytest

from gettone.db.repositories.job_runs import RunRow, RunState
from gettone.errors import InputError
from oracle.worker.schedule import Schedule, due_ms, parse_changes, parse_schedule

pytestmark = pytest.mark.unit

MINUTE_MS = 60_000


def schedule_of(text: str) -> Schedule:
    found = parse_schedule(text, "Europe/Rome")
    assert found is not None
    return found


def instant(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1000


def ran(state: RunState, started: str, minutes: int = 1, failures: int = 0) -> RunRow:
    started_ms = instant(started)
    ended_ms = started_ms + minutes * MINUTE_MS
    return RunRow(1, "checks", "", "host", 7, "schedule", state, failures, None, None, started_ms, ended_ms, ended_ms)


@pytest.mark.parametrize(
    ("started", "due"),
    [
        ("2026-01-15T10:00", "2026-01-16T02:30"),
        ("2026-01-15T02:00", "2026-01-15T02:30"),
        ("2026-01-15T02:30", "2026-01-16T02:30"),
        ("2026-03-28T12:00", "2026-03-29T01:30"),
        ("2026-10-24T12:00", "2026-10-25T02:30"),
    ],
    ids=["winter", "same day", "at its time", "clock goes forward", "clock goes back"],
)
def test_daily__after_a_run__is_due_at_the_next_local_time(started: str, due: str) -> None:
    assert schedule_of("03:30").after_ms(instant(started)) == instant(due)


def test_daily__every_night_of_a_year__comes_once() -> None:
    at_ms, nights = instant("2026-01-01T00:00"), []
    while (at_ms := schedule_of("02:30").after_ms(at_ms)) < instant("2027-01-01T00:00"):
        nights.append(at_ms)
    assert len(nights) == 365


def test_due__never_ran__is_now() -> None:
    assert due_ms(schedule_of("03:30"), None, 5) == 5


def test_due__done_at_an_interval__counts_from_its_start() -> None:
    last = ran(RunState.DONE, "2026-01-15T10:00", minutes=10)
    assert due_ms(schedule_of("15m"), last, instant("2026-01-15T10:12")) == instant("2026-01-15T10:15")


@pytest.mark.parametrize(
    ("failures", "due"),
    [(1, "2026-01-15T10:02"), (2, "2026-01-15T10:03"), (3, "2026-01-15T10:05"), (40, "2026-01-15T11:01")],
)
def test_due__failed_at_a_time_of_day__waits_twice_as_long_up_to_an_hour(failures: int, due: str) -> None:
    last = ran(RunState.FAILED, "2026-01-15T10:00", failures=failures)
    assert due_ms(schedule_of("03:30"), last, instant("2026-01-15T10:01")) == instant(due)


def test_due__failed_at_a_long_interval__keeps_the_interval() -> None:
    last = ran(RunState.FAILED, "2026-01-15T10:00", failures=1)
    assert due_ms(schedule_of("30m"), last, instant("2026-01-15T10:01")) == instant("2026-01-15T10:30")


def test_due__lost_once_at_a_short_interval__waits_as_after_a_failure() -> None:
    last = ran(RunState.LOST, "2026-01-15T10:00", failures=1)
    assert due_ms(schedule_of("30s"), last, instant("2026-01-15T10:01")) == instant("2026-01-15T10:02")


def test_due__interrupted__is_now() -> None:
    now_ms = instant("2026-01-15T10:01")
    assert due_ms(schedule_of("6h"), ran(RunState.INTERRUPTED, "2026-01-15T10:00"), now_ms) == now_ms


def test_due__running__is_when_its_lease_ends() -> None:
    last = ran(RunState.RUNNING, "2026-01-15T10:00", minutes=5)
    assert due_ms(schedule_of("10s"), last, instant("2026-01-15T10:01")) == instant("2026-01-15T10:05")


def test_due__started_by_a_clock_set_back_since__is_now() -> None:
    now_ms = instant("2026-01-15T10:00")
    assert due_ms(schedule_of("6h"), ran(RunState.DONE, "2027-01-15T10:00"), now_ms) == now_ms


def test_parse_schedule__off__is_none() -> None:
    assert parse_schedule("off", "Europe/Rome") is None


@pytest.mark.parametrize("text", ["", "0s", "15", "24:00", "3:30", "-5m", "1d", "on", "٣m"])
def test_parse_schedule__anything_else__is_refused(text: str) -> None:
    with pytest.raises(InputError) as refusal:
        parse_schedule(text, "Europe/Rome")
    assert refusal.value.code == "schedule_syntax"


def test_parse_changes__setting__is_by_job() -> None:
    assert parse_changes(" settlements=2h,retention = off,") == {"settlements": "2h", "retention": "off"}


@pytest.mark.parametrize("text", ["settlements", "=2h", "settlements="])
def test_parse_changes__half_a_pair__is_refused(text: str) -> None:
    with pytest.raises(InputError, match="GETTONE_WORKER_SCHEDULES"):
        parse_changes(text)
