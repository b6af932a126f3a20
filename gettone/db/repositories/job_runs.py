"""Runs of jobs: started under a lease, kept alive, ended, or found lost (table `job_runs`)."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, case, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from gettone.db.tables import JobRun
from gettone.errors import Conflict
from gettone.periods import utc_text

LEASE_MS = 300_000


class RunState(StrEnum):
    """How far a run is, or how it ended."""

    RUNNING = "running"
    DONE = "done"
    HELD = "held"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    LOST = "lost"


class Trigger(StrEnum):
    """Why a run started: its time had come, or somebody asked for it."""

    SCHEDULE = "schedule"
    COMMAND = "command"


class WorkerId(NamedTuple):
    """The process that runs a job."""

    host: str
    pid: int


class RunKey(NamedTuple):
    """What is run: a job, for a community or (empty) for the installation.  Two runs of one key never overlap."""

    job: str
    community: str = ""


class RunRow(NamedTuple):
    """A run; instants in unix ms, `summary` JSON as text."""

    run_id: int
    job: str
    community: str
    host: str
    pid: int
    trigger: str
    state: RunState
    failures: int
    code: str | None
    summary: str | None
    started_at: int
    lease_until: int
    ended_at: int | None

    @property
    def key(self) -> RunKey:
        """What was run."""
        return RunKey(self.job, self.community)


class JobRuns:
    """Reads and writes `job_runs`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def start(self, key: RunKey, worker: WorkerId, trigger: Trigger, now_ms: int) -> int:
        """Begin a run with a lease of five minutes; returns its id.

        A run whose lease is over is marked lost first.  Conflict `job_running` while somebody else holds the lease;
        of two that start at once the index of running rows lets one through.
        """
        self.mark_lost(now_ms)
        before = self.last(key)
        if before is not None and before.state is RunState.RUNNING:
            raise already_running(key, before)
        values = {
            **key._asdict(),
            **worker._asdict(),
            "trigger": trigger,
            "state": RunState.RUNNING,
            "failures": 0 if before is None else before.failures,
            "started_at": now_ms,
            "lease_until": now_ms + LEASE_MS,
        }
        try:
            return int(self._connection.execute(insert(JobRun).values(**values).returning(JobRun.run_id)).scalar_one())
        except IntegrityError:
            raise already_running(key, None) from None

    def renew(self, run_ids: Iterable[int], now_ms: int) -> frozenset[int]:
        """Prolong the leases of runs; returns those that are still held: the others were marked lost by somebody."""
        held = (JobRun.run_id.in_(list(run_ids)), JobRun.state == RunState.RUNNING)
        renewed = update(JobRun).where(*held).values(lease_until=now_ms + LEASE_MS).returning(JobRun.run_id)
        return frozenset(self._connection.execute(renewed).scalars())

    def finish(self, run_id: int, state: RunState, code: str | None, summary: str, now_ms: int) -> bool:
        """End a run; False when it was marked lost meanwhile, and is left so."""
        failures = {RunState.FAILED: JobRun.failures + 1, RunState.INTERRUPTED: JobRun.failures}.get(state, 0)
        mine = (JobRun.run_id == run_id, JobRun.state == RunState.RUNNING)
        values = {"state": state, "code": code, "summary": summary, "ended_at": now_ms, "failures": failures}
        return self._connection.execute(update(JobRun).where(*mine).values(**values)).rowcount == 1

    def mark_lost(self, now_ms: int) -> int:
        """Mark the runs whose lease is over: their process ended without saying so; returns how many."""
        over = (JobRun.state == RunState.RUNNING, JobRun.lease_until <= now_ms)
        values = {"state": RunState.LOST, "ended_at": now_ms, "failures": JobRun.failures + 1}
        return self._connection.execute(update(JobRun).where(*over).values(**values)).rowcount

    def last(self, key: RunKey) -> RunRow | None:
        """The newest run of a key."""
        query = _rows().where(JobRun.job == key.job, JobRun.community == key.community)
        found = self._connection.execute(query.order_by(JobRun.run_id.desc()).limit(1)).one_or_none()
        return None if found is None else _row(found)

    def latest(self) -> dict[RunKey, RunRow]:
        """The newest run of every key."""
        newest = select(func.max(JobRun.run_id)).group_by(JobRun.job, JobRun.community)
        rows = [_row(one) for one in self._connection.execute(_rows().where(JobRun.run_id.in_(newest)))]
        return {one.key: one for one in rows}

    def of(self, key: RunKey) -> tuple[RunRow, ...]:
        """All runs of a key, the oldest first."""
        query = _rows().where(JobRun.job == key.job, JobRun.community == key.community).order_by(JobRun.run_id)
        return tuple(_row(one) for one in self._connection.execute(query))

    def last_done_ms(self) -> dict[RunKey, int]:
        """When each key last ended well [unix ms]."""
        ended = func.max(case((JobRun.state == RunState.DONE, JobRun.ended_at)))
        query = select(JobRun.job, JobRun.community, ended).group_by(JobRun.job, JobRun.community)
        return {RunKey(job, community): at_ms for job, community, at_ms in self._connection.execute(query) if at_ms}

    def remove_before(self, instant_ms: int) -> int:
        """Delete ended runs that started before an instant; the newest of each key stays.  Returns how many."""
        newest = select(func.max(JobRun.run_id)).group_by(JobRun.job, JobRun.community)
        old = (JobRun.started_at < instant_ms, JobRun.state != RunState.RUNNING, JobRun.run_id.not_in(newest))
        return self._connection.execute(delete(JobRun).where(*old)).rowcount


def already_running(key: RunKey, row: RunRow | None) -> Conflict:
    """Conflict `job_running`, with who runs it where that is known."""
    of = f" of community {key.community}" if key.community else ""
    since = "" if row is None else f" (process {row.pid} on {row.host} since {utc_text(row.started_at // 1000)})"
    return Conflict(
        "job_running",
        f"job {key.job}{of} runs already{since}: wait until it ends, and see `gettone worker status`",
    )


def _rows() -> Select[Any]:
    return select(*(getattr(JobRun, name) for name in RunRow._fields))


def _row(found: Any) -> RunRow:
    row = RunRow(*found)
    return row._replace(state=RunState(row.state))
