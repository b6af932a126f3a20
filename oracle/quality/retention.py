"""The job that deletes what is older than its retention; a dry run first tells what would go (§2)."""

from dataclasses import dataclass

from gettone.db.engine import Database
from gettone.db.forget import overwrite_deleted
from gettone.db.repositories.expired_rows import ExpiredRows
from gettone.lake import Lake
from gettone.metering.retention import cutoffs


@dataclass(frozen=True, slots=True)
class RetentionReport:
    """Rows by table and lake files that go, or went."""

    rows: dict[str, int]
    payloads: int


def plan_retention(database: Database, lake: Lake, now_s: int) -> RetentionReport:
    """What is older than its retention at `now_s` [unix s]; nothing is changed."""
    with database.read() as connection:
        expired = ExpiredRows(connection, cutoffs(now_s))
        return RetentionReport(expired.count(), sum(lake.has(one) for one in expired.payloads()))


def apply_retention(database: Database, lake: Lake, now_s: int) -> RetentionReport:
    """Delete it: files first, then the rows in one transaction, so that no file is left that no row names.

    Killed anywhere it goes on when it is run again; run twice it deletes nothing more.  What was deleted, here or by
    an erasure, is overwritten.
    """
    with database.ingest() as connection:
        expired = ExpiredRows(connection, cutoffs(now_s))
        gone = [one for one in expired.payloads() if lake.has(one)]
        for sha256 in gone:
            lake.erase(sha256)
        report = RetentionReport(expired.delete(), len(gone))
    overwrite_deleted(database, report.rows)
    return report
