"""Where the jobs stand: last run, what failed, and when each is due next."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gettone.db.repositories.job_runs import JobRuns, RunKey, RunRow, RunState
from gettone.periods import utc_text
from oracle.worker.job import Job, Workplace
from oracle.worker.registry import JOBS
from oracle.worker.schedule import Schedule, due_ms
from oracle.worker.scheduler import keys_of


@dataclass(frozen=True, slots=True)
class JobStatus:
    """A job, for a community where it has one; `missing` are the variables it needs, `due_ms` None while it is off."""

    key: RunKey
    schedule: Schedule | None
    missing: tuple[str, ...]
    last: RunRow | None
    last_done_ms: int | None
    due_ms: int | None
    state: RunState | None

    def to_document(self) -> dict[str, Any]:
        """As one JSON object; instants as UTC text."""
        last = self.last
        return {
            "job": self.key.job,
            "community": self.key.community or None,
            "schedule": "off" if self.schedule is None else str(self.schedule),
            "missing_settings": list(self.missing),
            "state": None if self.state is None else self.state.value,
            "code": None if last is None else last.code,
            "failures": 0 if last is None else last.failures,
            "worker": None if last is None else {"host": last.host, "pid": last.pid, "trigger": last.trigger},
            "summary": None if last is None or last.summary is None else json.loads(last.summary),
            "started_at": _text(None if last is None else last.started_at),
            "ended_at": _text(None if last is None else last.ended_at),
            "last_done_at": _text(self.last_done_ms),
            "due_at": _text(self.due_ms),
        }


def worker_status(place: Workplace, schedules: Mapping[str, Schedule | None], now_ms: int) -> tuple[JobStatus, ...]:
    """The status of every job of the registry at `now_ms`, by community where it has some."""
    with place.database.read() as connection:
        runs = JobRuns(connection)
        latest, done = runs.latest(), runs.last_done_ms()
    able = dict.fromkeys(key for _, key in keys_of(place, JOBS))
    found = []
    for job in JOBS:
        keys = [key for key in able if key.job == job.name] or [RunKey(job.name)]
        found += [_status(job, key, place, schedules[job.name], latest.get(key), done.get(key), now_ms) for key in keys]
    return tuple(found)


def _status(
    job: Job,
    key: RunKey,
    place: Workplace,
    schedule: Schedule | None,
    last: RunRow | None,
    last_done_ms: int | None,
    now_ms: int,
) -> JobStatus:
    missing = job.missing(place.settings)
    runs = schedule is not None and not missing
    return JobStatus(
        key,
        schedule,
        missing,
        last,
        last_done_ms,
        due_ms(schedule, last, now_ms) if runs and schedule is not None else None,
        _state(last, now_ms),
    )


def _state(last: RunRow | None, now_ms: int) -> RunState | None:
    """The state as it is now: a running row whose lease is over belongs to a process that is gone."""
    if last is not None and last.state is RunState.RUNNING and last.lease_until <= now_ms:
        return RunState.LOST
    return None if last is None else last.state


def _text(at_ms: int | None) -> str | None:
    return None if at_ms is None else utc_text(at_ms // 1000)
