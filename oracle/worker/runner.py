"""One run of a job: a row with a lease before it, the result in the row after it."""

import json
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread

from gettone.db.repositories.job_runs import JobRuns, RunKey, RunState, Trigger, WorkerId
from gettone.errors import GettoneError, Held
from oracle.worker.heartbeat import Heartbeat
from oracle.worker.job import LOGGER, Interrupted, Job, Run, Summary, Workplace

INTERNAL = "internal"


@dataclass(frozen=True)
class Outcome:
    """How a run ended; `refusal` is what it raised, None when it did not or when that was a defect."""

    state: RunState
    code: str | None = None
    summary: Summary = field(default_factory=dict)
    refusal: GettoneError | None = None


@dataclass(frozen=True)
class Runner:
    """Runs jobs in this process, for `worker`; `now_ms` is the time of leases, `stop` ends runs at their next step."""

    place: Workplace
    worker: WorkerId
    heartbeat: Heartbeat
    now_ms: Callable[[], int]
    stop: Event

    def run(self, job: Job, community: str, trigger: Trigger) -> Outcome:
        """Run a job now, whatever it raises; only Conflict `job_running` and an absent database are raised.

        1. its row with the lease   2. the job, while the lease is prolonged   3. the result into the row
        A process that is killed leaves the row; who takes the job next marks it lost.
        """
        key = RunKey(job.name, community)
        with self.place.database.write() as connection:
            run_id = JobRuns(connection).start(key, self.worker, trigger, self.now_ms())
        with self.heartbeat.holding(run_id) as lost:
            outcome = self._outcome(job, Run(self.place, community, lambda: self.stop.is_set() or lost.is_set()))
        with self.place.database.write() as connection:
            text = json.dumps(outcome.summary, sort_keys=True)
            mine = JobRuns(connection).finish(run_id, outcome.state, outcome.code, text, self.now_ms())
        if not mine:
            LOGGER.warning("job %s was taken over by another worker while it ran here", job.name)
        return outcome

    def _outcome(self, job: Job, run: Run) -> Outcome:
        try:
            return Outcome(RunState.DONE, summary=job.run(run))
        except Interrupted:
            return Outcome(RunState.INTERRUPTED)
        except Held as refusal:
            LOGGER.info("job %s waits [%s]: %s", job.name, refusal.code, refusal.message)
            return Outcome(RunState.HELD, refusal.code, refusal=refusal)
        except GettoneError as refusal:
            LOGGER.error("job %s failed [%s]: %s", job.name, refusal.code, refusal.message)
            return Outcome(RunState.FAILED, refusal.code, refusal=refusal)
        except Exception:
            # A defect of one job must not end the others; the row says so and the log has the place.
            LOGGER.exception("job %s failed: this is a defect of gettone", job.name)
            return Outcome(RunState.FAILED, INTERNAL)


@contextmanager
def open_runner(place: Workplace, now_ms: Callable[[], int]) -> Iterator[Runner]:
    """Who runs jobs in this process, with a thread that keeps their leases for the length of the block."""
    heartbeat, ended = Heartbeat(place.database, now_ms), Event()
    keeper = Thread(target=heartbeat.serve, args=(ended,), name="leases", daemon=True)
    keeper.start()
    try:
        yield Runner(place, WorkerId(socket.gethostname(), os.getpid()), heartbeat, now_ms, Event())
    finally:
        ended.set()
        keeper.join()
