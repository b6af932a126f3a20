"""A workplace of the worker with jobs that a test makes up, a clock that it moves, and no chain."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Event
from typing import Any

from gettone.db.engine import Database
from gettone.db.repositories.job_runs import JobRuns, RunKey, RunRow, WorkerId
from gettone.settings import Settings
from oracle.worker.heartbeat import Heartbeat
from oracle.worker.job import Job, Run, Summary, Workplace
from oracle.worker.runner import Runner
from oracle.worker.schedule import parse_schedule
from oracle.worker.scheduler import Scheduler

START_MS = 1_780_000_000_000


@dataclass
class MovedClock:
    """A clock that stands until a test moves it."""

    now_ms: int = START_MS

    def __call__(self) -> int:
        return self.now_ms

    def move(self, seconds: int) -> None:
        """Let time pass."""
        self.now_ms += seconds * 1000


@dataclass
class Shop:
    """Workers on one database, by process id, and the jobs they know."""

    database: Database
    clock: MovedClock = field(default_factory=MovedClock)
    jobs: list[Job] = field(default_factory=list)

    def add(self, name: str, work: Callable[[Run], Summary], schedule: str = "60s", **more: Any) -> Job:
        """Make up a job."""
        self.jobs.append(Job(name, schedule, work, **more))
        return self.jobs[-1]

    def runner(self, pid: int = 1, **settings: Any) -> Runner:
        """A process that runs jobs."""

        def no_chain(*_: object) -> Any:
            raise AssertionError("a made-up job asked for the chain")

        place = Workplace(Settings.model_validate(settings), self.database, self.clock, no_chain, no_chain)
        heartbeat = Heartbeat(self.database, self.clock)
        return Runner(place, WorkerId("test", pid), heartbeat, self.clock, Event())

    def scheduler(self, pid: int = 1, submit: Callable[[Callable[[], None]], Any] = lambda work: work()) -> Scheduler:
        """The loop of a process; without `submit` what is due runs at once."""
        return self.scheduler_of(self.runner(pid), self.jobs, submit)

    def scheduler_of(self, runner: Runner, jobs: Sequence[Job], submit: Callable[..., Any]) -> Scheduler:
        """The loop of a given process."""
        planned = {one.name: parse_schedule(one.schedule, "Europe/Rome") for one in jobs}
        return Scheduler(runner, jobs, planned, submit)

    def runs(self, job: str, community: str = "") -> tuple[RunRow, ...]:
        """All runs of a job, the oldest first."""
        with self.database.read() as connection:
            return JobRuns(connection).of(RunKey(job, community))
