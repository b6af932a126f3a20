"""A job is run because a person asked for it."""

import time
from collections.abc import Mapping
from typing import Any

from gettone.db.repositories.job_runs import RunKey
from gettone.db.repositories.operations import OperationRow
from gettone.errors import InputError
from oracle.worker.job import Run
from oracle.worker.runner import Outcome, open_runner
from oracle.worker.scheduler import run_now


def run_asked_job(run: Run, operation: OperationRow) -> Mapping[str, Any]:
    """Run the job that an operation names; a run that failed or waits is the result, not a refusal.

    Killed and called again it runs the job again, as its next time would: jobs change nothing twice.
    """
    name = operation.document["job"]
    job = next((one for one in run.place.jobs if one.name == name), None)
    if job is None:
        raise InputError("job_unknown", f"this worker has no job {name!r}: it runs another version of the program")
    with open_runner(run.place, _now_ms) as runner:
        outcomes = run_now(runner, job, operation.document["community"])
    return {"runs": [_document(key, one) for key, one in outcomes.items()]}


def _document(key: RunKey, outcome: Outcome) -> Mapping[str, Any]:
    summary = dict(outcome.summary)
    return {"community": key.community or None, "state": outcome.state.value, "code": outcome.code, "summary": summary}


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
