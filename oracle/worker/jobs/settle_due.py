"""Settlements that were begun go on, and periods that are over are settled."""

from oracle.settle.due import due_period
from oracle.settle.job import run_settlement
from oracle.worker.job import Run, Summary


def settle_due(run: Run) -> Summary:
    """Settle what is due of a community, period after period; Held while the quality gate of one does not pass."""
    settled = 0
    with run.place.open_settlement(run.community, run.say) as context:
        while period := due_period(context, run.community):
            run.step()
            run_settlement(context, run.community, period)
            settled += 1
    return {"settled": settled}
