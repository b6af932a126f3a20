"""What no batch starts: checks that were cut short, and days that end without any reading."""

import os
import signal
from multiprocessing import get_context

import pytest
from sqlalchemy import event

from gettone.db import bulk
from gettone.db.engine import Database
from gettone.db.repositories.coverage_days import CoverageDays
from gettone.db.repositories.gaps import GapRow, Gaps
from gettone.db.repositories.pending_checks import PendingChecks
from oracle.after_merge.check import check_touched
from oracle.after_merge.nightly import check_nightly, check_pending
from tests.factories.merged_readings import Meters
from tests.factories.metering import contents

pytestmark = pytest.mark.database

# Local midnight of 8 June 2026 in Rome.
DAY = 1_978_744
TABLES = ("readings", "reading_versions", "estimates", "gaps", "coverage_days", "anomalies", "batches", "flows")


def at_ms(days: float) -> int:
    return int((DAY + days * 96) * 900_000)


def expected_of(meters: Meters, channel: int) -> list[tuple[int, int]]:
    with meters.database.read() as connection:
        rows = CoverageDays(connection).get([channel], 0, 10**6)
    return [(row.expected, row.actual) for row in rows]


def test_nightly__days_without_any_reading__are_closed_once(meters: Meters) -> None:
    (channel,) = meters.add()
    meters.merge(channel, {DAY + slot: 100 + slot for slot in range(96)})
    check_touched(meters.database, [channel], DAY, DAY + 96, now_ms=at_ms(1))
    check_nightly(meters.database, now_ms=at_ms(4.1))
    assert expected_of(meters, channel) == [(96, 0), (96, 96), (96, 0), (96, 0), (96, 0)]
    before = contents(meters.database, *TABLES)
    check_nightly(meters.database, now_ms=at_ms(4.9))
    assert contents(meters.database, *TABLES) == before


def test_nightly__meter_that_never_spoke__is_expected_from_yesterday(meters: Meters) -> None:
    (channel,) = meters.add()
    check_nightly(meters.database, now_ms=at_ms(4.1))
    assert expected_of(meters, channel)[-1:] == [(96, 0)]


def test_nightly__meter_that_nobody_holds__is_not_judged(meters: Meters) -> None:
    (channel,) = meters.add(to_slot=DAY)
    check_nightly(meters.database, now_ms=at_ms(4.1))
    assert expected_of(meters, channel) == []


def test_pending__batch_whose_check_was_cut_short__is_judged(meters: Meters) -> None:
    (channel,) = meters.add()
    batch_id = meters.merge(channel, {DAY: 100, DAY + 2: 102})
    with meters.database.write() as connection:
        PendingChecks(connection).add(batch_id, DAY, DAY + 3)
    (report,) = check_pending(meters.database, now_ms=at_ms(4))
    with meters.database.read() as connection:
        gaps = Gaps(connection).overlapping([channel], DAY, DAY + 9)
    assert (report.channels, gaps) == (1, (GapRow(channel, DAY + 1, 1, None, "estimated"),))
    assert check_pending(meters.database, now_ms=at_ms(4)) == ()


def check_until(url: str, channel: int, stop_at: int) -> None:
    """Check in a process that ends itself the hard way just before its n-th write; 0 lets it finish."""
    database = Database(url)
    seen = 0

    def count(statement: str = "COMMIT") -> None:
        nonlocal seen
        seen += statement.startswith(("INSERT", "UPDATE", "DELETE", "CREATE", "COMMIT"))
        if seen == stop_at > 0:
            os.kill(os.getpid(), signal.SIGKILL)

    plain_copy = bulk._copy

    def counted_copy(*arguments: object) -> None:
        count("INSERT by COPY")
        plain_copy(*arguments)  # type: ignore[arg-type]  # handed through

    bulk._copy = counted_copy
    event.listen(database.engine, "before_cursor_execute", lambda *arguments: count(arguments[2]))
    event.listen(database.engine, "commit", lambda _connection: count())
    check_touched(database, [channel], DAY, DAY + 96, now_ms=at_ms(9))


def exit_of(url: str, channel: int, stop_at: int) -> int | None:
    process = get_context("fork").Process(target=check_until, args=(url, channel, stop_at))
    process.start()
    process.join(60)
    return process.exitcode


def test_check__killed_at_each_write_and_run_again__gives_the_tables_of_one_run(meters: Meters) -> None:
    one, other = meters.add()[0], meters.add()[0]
    wh = {DAY + slot: 100 + (7 * slot) % 50 for slot in range(96) if not 60 <= slot < 64}
    for channel in (one, other):
        meters.merge(channel, wh | dict.fromkeys(range(DAY + 10, DAY + 40), 999))
    check_touched(meters.database, [one], DAY, DAY + 96, now_ms=at_ms(9))
    url = meters.database.engine.url.render_as_string(hide_password=False)
    killed = 0
    while exit_of(url, other, killed + 1) == -signal.SIGKILL:
        meters.database.close()
        killed += 1
    # At least batch, withdrawn readings, versions, gaps, estimates, coverage, anomaly, and the commits.
    assert killed >= 8
    assert states(meters, one) == states(meters, other)


def states(meters: Meters, channel: int) -> dict[str, list[tuple]]:
    """The tables of one channel without ids of channels, anomalies, batches and runs."""
    columns = {"readings": slice(1, 6), "reading_versions": slice(1, 6), "estimates": slice(1, 4), "gaps": slice(1, 5)}
    columns |= {"coverage_days": slice(1, 9), "anomalies": slice(3, 9)}
    of_channel = 0
    found = contents(meters.database, *columns)
    return {
        name: [row[columns[name]] for row in rows if row[1 if name == "anomalies" else of_channel] == channel]
        for name, rows in found.items()
    }
