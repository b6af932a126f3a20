"""Which jobs are due, and the loop that starts them; what one of them does stops no other."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from threading import Event, Lock
from typing import Any

from sqlalchemy.exc import DBAPIError

from gettone.chain.deployment_file import load_deployment
from gettone.db.repositories.communities import Communities
from gettone.db.repositories.job_runs import JobRuns, RunKey, RunRow, RunState, Trigger, already_running
from gettone.errors import GettoneError, MissingInput
from oracle.worker.job import LOGGER, Job, Workplace
from oracle.worker.runner import Outcome, Runner
from oracle.worker.schedule import Schedule, due_ms

TICK_S = 5.0

Submit = Callable[[Callable[[], None]], Any]
"""Has a function run: in a thread of a pool, or at once."""


@dataclass
class Scheduler:
    """Starts jobs when they are due; at most one run of a key at a time in this process, and by the lease in all."""

    runner: Runner
    jobs: Sequence[Job]
    schedules: Mapping[str, Schedule | None]
    submit: Submit
    outcomes: dict[RunKey, Outcome] = field(default_factory=dict)
    _busy: set[RunKey] = field(default_factory=set)
    _lock: Lock = field(default_factory=Lock)

    def serve(self, stop: Event) -> None:
        """Start what is due every five seconds until `stop`."""
        while True:
            try:
                self.tick()
            except GettoneError as refusal:
                # A database that is away comes back; everything undone is still due then.
                LOGGER.warning("jobs wait: %s", refusal.code)
            except DBAPIError:
                LOGGER.warning("jobs wait: the connection broke", exc_info=True)
            if stop.wait(TICK_S):
                return

    def tick(self) -> tuple[RunKey, ...]:
        """Start every run that is due and not under way in this process; returns what was started."""
        started = []
        for job, key in self.due():
            with self._lock:
                if key in self._busy:
                    continue
                self._busy.add(key)
            started.append(key)
            self.submit(partial(self._run, job, key))
        return tuple(started)

    def due(self) -> list[tuple[Job, RunKey]]:
        """What is due now, in the order of the registry."""
        return [(job, key) for job, key in keys_of(self.runner.place, self.jobs) if self._is_due(key)]

    def _is_due(self, key: RunKey) -> bool:
        schedule, now_ms = self.schedules[key.job], self.runner.now_ms()
        return schedule is not None and due_ms(schedule, last_run(self.runner.place, key), now_ms) <= now_ms

    def _run(self, job: Job, key: RunKey) -> None:
        """Run it if it is still due: it may have waited for a thread while another worker ran it to its end."""
        try:
            if self._is_due(key) and not self.runner.stop.is_set():
                self.outcomes[key] = self.runner.run(job, key.community, Trigger.SCHEDULE)
        except GettoneError as refusal:
            # Another worker was faster, or the database is away: both are seen again at the next look.
            LOGGER.info("job %s not run here [%s]", job.name, refusal.code)
        except DBAPIError:
            # Its row stays as it is, and is lost when its lease is over.
            LOGGER.warning("job %s: the connection broke", job.name, exc_info=True)
        finally:
            with self._lock:
                self._busy.discard(key)


def run_now(runner: Runner, job: Job, community: str | None) -> dict[RunKey, Outcome]:
    """Run a job for every community, or for one, whatever its schedule says.

    MissingInput for settings that it needs, Conflict `job_running` before anything runs where one is under way.
    """
    if missing := job.missing(runner.place.settings):
        raise MissingInput("settings_missing", f"not set: {', '.join(missing)}; see .env.example")
    keys = [key for _, key in keys_of(runner.place, [job]) if community in (None, key.community)]
    require_free(runner, keys)
    return {key: runner.run(job, key.community, Trigger.COMMAND) for key in keys}


def require_free(runner: Runner, keys: Sequence[RunKey]) -> None:
    """Conflict `job_running` while a living process runs one of these."""
    for key in keys:
        last = last_run(runner.place, key)
        if last is not None and last.state is RunState.RUNNING and last.lease_until > runner.now_ms():
            raise already_running(key, last)


def keys_of(place: Workplace, jobs: Sequence[Job]) -> list[tuple[Job, RunKey]]:
    """Every run there can be of these jobs, those that miss a setting apart."""
    able = [job for job in jobs if not job.missing(place.settings)]
    communities = deployed_communities(place) if any(one.per_community for one in able) else ()
    return [
        (job, RunKey(job.name, community))
        for job in able
        for community in (communities if job.per_community else ("",))
    ]


def deployed_communities(place: Workplace) -> tuple[str, ...]:
    """The communities of the database that have contracts; all of them while the deployment file cannot be read.

    Their runs then fail with the reason, where leaving them out would hide it.
    """
    with place.database.read() as connection:
        known = tuple(one.slug for one in Communities(connection).all())
    if place.settings.deployment_file is None:
        return ()
    try:
        deployed = load_deployment(place.settings.deployment_file).communities
    except GettoneError:
        return known
    return tuple(one for one in known if one in deployed)


def last_run(place: Workplace, key: RunKey) -> RunRow | None:
    """The newest run of a key."""
    with place.database.read() as connection:
        return JobRuns(connection).last(key)
