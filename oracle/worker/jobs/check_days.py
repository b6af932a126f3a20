"""Local days that are over are judged and closed, with the batches that were not judged yet."""

from oracle.after_merge.nightly import check_nightly
from oracle.worker.job import Run, Summary


def check_days(run: Run) -> Summary:
    """Judge what no batch starts by itself."""
    reports = check_nightly(run.place.database, now_ms=run.place.clock())
    return {"checks": len(reports)}
