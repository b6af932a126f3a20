"""What is older than its retention is deleted."""

from gettone.db.repositories.takeouts import Takeouts
from oracle.intake import open_lake
from oracle.quality.retention import apply_retention
from oracle.worker.job import Run, Summary


def delete_expired(run: Run) -> Summary:
    """Delete readings, payloads, rejects, anomalies and samples that are older than they may be."""
    place = run.place
    lake = open_lake(place.database, place.vault(), place.settings.lake_dir)
    report = apply_retention(place.database, lake, place.clock() // 1000)
    with place.database.write() as connection:
        takeouts = Takeouts(connection).expire(place.clock())
    return {**report.rows, "payloads": report.payloads, "takeouts": takeouts}
