"""Transactions that are signed and not final yet are brought home: the same bytes again, gaps filled."""

from oracle.worker.job import Run, Summary


def resend_transactions(run: Run) -> Summary:
    """See to every stored transaction of the key that sends for a community; nothing new is signed."""
    with run.place.open_settlement(run.community, run.say) as context:
        context.sender.settle()
    return {}
