"""Periods that are over are settled, one after the other."""

from oracle.settle.due import due_period
from oracle.settle.job import run_settlement
from oracle.worker.job import Run, Summary


def settle_due(run: Run) -> Summary:
    """Settle what is due of a community; Held while the quality gate of a period, a person or a signature is awaited.

    What was begun and waits is finished by the job that resumes settlements, also where this one is off.
    """
    settled = 0
    with run.place.open_settlement(run.community, run.say) as context:
        while period := due_period(context, run.community):
            run.step()
            run_settlement(context, run.community, period)
            settled += 1
    return {"settled": settled}
