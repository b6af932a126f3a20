"""Chain, index, settlements and outbox of a community are compared, and every difference is stored."""

from gettone.errors import CheckFailed
from oracle.index.context import IndexContext
from oracle.reconcile.job import reconcile
from oracle.worker.job import Run, Summary
from oracle.worker.jobs.index_events import index_events


def reconcile_books(run: Run) -> Summary:
    """Index up to the head, then compare; CheckFailed `reconciliation_differs` with how many differences there are."""
    index_events(run)
    run.step()
    context = IndexContext(run.place.database, run.place.open_contracts(run.community))
    row = reconcile(context, run.community, started_by="worker")
    if row.differences:
        raise CheckFailed(
            "reconciliation_differs",
            f"{row.differences} differences at block {row.block_number}: gettone reconcile names each of them",
        )
    return {"block": row.block_number, "differences": row.differences}
