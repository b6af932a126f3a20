"""Tables by slot get their partitions ahead of time, and runs of jobs that nobody asks for any more go."""

from gettone.db.partitions import ensure_months_ahead
from gettone.db.repositories.job_runs import JobRuns
from gettone.types import DAY_S
from oracle.worker.job import Run, Summary

RUN_DAYS = 90


def keep_tables(run: Run) -> Summary:
    """Make the partitions of the months ahead and delete runs older than 90 days, the newest of each job apart."""
    now_ms = run.place.clock()
    with run.place.database.write() as connection:
        made = ensure_months_ahead(connection, now_ms)
        removed = JobRuns(connection).remove_before(now_ms - RUN_DAYS * DAY_S * 1000)
    return {"partitions": len(made), "runs_removed": removed}
