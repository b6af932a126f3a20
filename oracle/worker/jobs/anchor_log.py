"""The head of the ingest log is written to the chain."""

from oracle.anchor_ingest import anchor_ingest
from oracle.worker.job import Run, Summary


def anchor_log(run: Run) -> Summary:
    """Anchor the log at the ledger of a community; a head that stands there already sends nothing."""
    with run.place.open_settlement(run.community, run.say) as context:
        anchored = anchor_ingest(context.database, context.contracts.ledger, context.sender)
    return {"size": anchored.size, "sent": int(anchored.sent)}
