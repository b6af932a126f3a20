"""When a job is due: at an interval or at a local time of day, later after failures; pure, without jitter."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from gettone.db.repositories.job_runs import RunRow, RunState
from gettone.errors import InputError
from gettone.metering.schedule import DailySchedule

FIRST_RETRY_MS = 60_000
LONGEST_RETRY_MS = 3_600_000
OFF = "off"

_EVERY = re.compile(r"([1-9]\d{0,6})([smh])", re.ASCII)
_DAILY = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)
_UNIT_S = {"s": 1, "m": 60, "h": 3600}


@dataclass(frozen=True, slots=True)
class Every:
    """An interval between the starts of two runs [s]."""

    interval_s: int

    def after_ms(self, started_ms: int) -> int:
        """When the run after one that started then is due [unix ms].

        >>> Every(60).after_ms(5000)
        65000
        """
        return started_ms + self.interval_s * 1000

    def __str__(self) -> str:
        unit = next(one for one in "hms" if self.interval_s % _UNIT_S[one] == 0)
        return f"{self.interval_s // _UNIT_S[unit]}{unit}"


@dataclass(frozen=True, slots=True)
class Daily:
    """A local time of every day; one that the clock skips is taken with the offset before it."""

    at: DailySchedule

    def after_ms(self, started_ms: int) -> int:
        """The first time of day after a run started [unix ms]."""
        started_s = started_ms // 1000
        today = self.at.day_of(started_s)
        times = (self.at.at_s(today + timedelta(days=number)) for number in (0, 1, 2))
        return next(at_s for at_s in times if at_s > started_s) * 1000

    def __str__(self) -> str:
        return f"{self.at.hour:02d}:{self.at.minute:02d}"


Schedule = Every | Daily


def parse_schedule(text: str, timezone: str) -> Schedule | None:
    """The schedule of `90s`, `15m`, `2h`, `03:30` (local time in `timezone`) or `off`, which is None.

    >>> str(parse_schedule("03:30", "Europe/Rome")), str(parse_schedule("120m", "UTC"))
    ('03:30', '2h')
    """
    if text == OFF:
        return None
    if every := _EVERY.fullmatch(text):
        return Every(int(every[1]) * _UNIT_S[every[2]])
    if daily := _DAILY.fullmatch(text):
        return Daily(DailySchedule.of(f"{int(daily[2])} {int(daily[1])} * * *", timezone))
    raise InputError("schedule_syntax", f"schedule {text!r} is not understood: write 90s, 15m, 2h, 03:30 or off")


def parse_changes(text: str) -> Mapping[str, str]:
    """The changed schedules of a setting, by job: `settlements=2h, retention=off`."""
    pairs = [part.strip().partition("=") for part in text.split(",") if part.strip()]
    wrong = [name for name, equals, schedule in pairs if not equals or not name.strip() or not schedule.strip()]
    if wrong:
        raise InputError(
            "schedule_syntax", f"{wrong[0]!r} in GETTONE_WORKER_SCHEDULES is no schedule: write JOB=15m with commas"
        )
    return {name.strip(): schedule.strip() for name, _, schedule in pairs}


def due_ms(schedule: Schedule, last: RunRow | None, now_ms: int) -> int:
    """When a job is due next [unix ms]; what never ran is due now, and so is what was interrupted.

    After k failures in a row it is tried again 1, 2, 4 .. 60 minutes later, an interval that is longer is kept, and a
    time of day that comes earlier too.
    """
    if last is None or last.started_at > now_ms:
        # A start in the future was written by a clock that has been set back since: it must not stop a job for long.
        return now_ms
    if last.state is RunState.RUNNING:
        return last.lease_until
    if last.state is RunState.INTERRUPTED:
        return now_ms
    planned_ms = schedule.after_ms(last.started_at)
    if not last.failures:
        return planned_ms
    wait_ms = min(FIRST_RETRY_MS << min(last.failures - 1, 10), LONGEST_RETRY_MS)
    retry_ms = (last.ended_at or last.started_at) + wait_ms
    return max(planned_ms, retry_ms) if isinstance(schedule, Every) else min(planned_ms, retry_ms)
