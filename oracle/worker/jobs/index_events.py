"""The events of a community's contracts are brought into the database, up to the head of the chain."""

from gettone.errors import Conflict
from oracle.index.context import IndexContext
from oracle.index.job import run_index
from oracle.worker.job import Run, Summary

FOLLOWED_ELSEWHERE = "indexer_running"


def index_events(run: Run) -> Summary:
    """Index what is new; nothing to do where `gettone indexer run` follows the chain all the time."""
    context = IndexContext(run.place.database, run.place.open_contracts(run.community))
    try:
        report = run_index(context, run.community)
    except Conflict as refusal:
        if refusal.code != FOLLOWED_ELSEWHERE:
            raise
        return {"served": "elsewhere"}
    return {"block": report.block_number, "events": report.events, "unknown": report.unknown_count}
