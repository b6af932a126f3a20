"""Settlements that were begun go on from wherever they stand."""

from gettone.db.repositories.settlement_states import SettlementState
from oracle.settle.resume import resume
from oracle.worker.job import Run, Summary


def resume_settlements(run: Run) -> Summary:
    """Finish every settlement of a community that can be finished; Held for the first one that waits."""
    run.step()
    with run.place.open_settlement(run.community, run.say) as context:
        found = resume(context, run.community)
    for one in found:
        if one.held is not None:
            raise one.held
    return {"closed": sum(one.state is SettlementState.CLOSED for one in found)}
