"""Files in the folders of sources, scheduled files, and batches that wait are taken."""

from gettone.errors import Conflict
from oracle.intake import open_intake
from oracle.transports.worker import SourceWorker, free_permille
from oracle.worker.job import Run, Summary

SERVED_ELSEWHERE = "worker_running"


def take_sources(run: Run) -> Summary:
    """Serve every source once; nothing to do where `gettone source run` serves them all the time."""
    place, vault = run.place, run.place.vault()
    root = place.settings.sources_dir
    root.mkdir(parents=True, exist_ok=True)
    intake = open_intake(place.database, vault, place.settings.lake_dir)
    # Messages need a consumer that stays; `once` takes all that does not come from the broker.
    worker = SourceWorker(place.database, vault, intake, root, None, place.clock, lambda: free_permille(root))
    try:
        return {"handled": worker.once()}
    except Conflict as refusal:
        if refusal.code != SERVED_ELSEWHERE:
            raise
        return {"served": "elsewhere"}
