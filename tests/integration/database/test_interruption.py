"""A batch whose worker is killed at any statement is whole when it is run again, and once only."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

import pytest
from sqlalchemy import event

from gettone.db import columns_copy
from gettone.db.engine import Database
from gettone.db.repositories.batch_states import LEASE_MS
from gettone.db.repositories.ingest_log import IngestLog
from gettone.vault import Vault
from oracle.intake import Intake, open_intake
from tests.factories.metering import FLOW, RECEIPT_MS, START_S, contents, register, write_readings

pytestmark = pytest.mark.database

TABLES = ("readings", "reading_versions", "rejects")


class Killed(BaseException):
    """Ends a worker where an exception would be caught and stored."""


@contextmanager
def killed_at(database: Database, stop_at: int) -> Iterator[None]:
    """Raise just before the n-th statement, copy or commit."""
    seen, plain = 0, columns_copy._copy

    def count(*_: object) -> None:
        nonlocal seen
        seen += 1
        if seen == stop_at:
            raise Killed

    def counted(*arguments: object) -> None:
        count()
        plain(*arguments)  # type: ignore[arg-type]  # handed through

    hooks = [("before_cursor_execute", count), ("commit", count)]
    columns_copy._copy = counted
    for name, hook in hooks:
        event.listen(database.engine, name, hook)
    try:
        yield
    finally:
        columns_copy._copy = plain
        for name, hook in hooks:
            event.remove(database.engine, name, hook)


def prepare(database: Database, vault: Vault, folder: Path) -> tuple[Intake, Path]:
    """A community with one batch merged, and a second file that replaces, adds, is held and refused in part."""
    register(database, vault)
    intake = open_intake(database, vault, folder / "lake")
    hours = [("home01", START_S + 3600 * hour, hour) for hour in range(20)]
    receipt = intake.receive(FLOW, write_readings(folder / "a.csv", hours), received_at_ms=RECEIPT_MS)
    assert intake.process(receipt.batch_id, now_ms=RECEIPT_MS).state == "done"
    rows = [("home01", START_S + 3600 * hour, 2 * hour + 1) for hour in range(10, 30)]
    spoilt = [("home02", START_S, "x"), ("home02", START_S + 3600, 1_000_000), ("gone", START_S, 1)]
    return intake, write_readings(folder / "b.csv", [*rows, *spoilt])


def test_process__killed_at_each_statement__is_whole_when_run_again(
    database: Database, vault: Vault, tmp_path: Path
) -> None:
    intake, second = prepare(database, vault, tmp_path)
    batch_id = intake.receive(FLOW, second, received_at_ms=RECEIPT_MS + 1).batch_id
    before, now_ms, killed = contents(database, *TABLES), RECEIPT_MS, 0
    left = []
    while True:
        now_ms += LEASE_MS + 1
        try:
            with killed_at(database, killed + 1):
                outcome = intake.process(batch_id, now_ms=now_ms)
            break
        except Killed:
            killed += 1
            left.append(contents(database, *TABLES))
    after = contents(database, *TABLES)
    # The last statements only read what the commit before them left.
    assert left[0] == before
    assert all(one in (before, after) for one in left)
    assert (outcome.state, outcome.rows) == ("done", 23)
    assert killed > 30
    # 10 hours of 20 were replaced, 10 are new, one waits for a person, one is unreadable and one of a stranger.
    assert (len(after["readings"]), len(after["reading_versions"]), len(after["rejects"])) == (30, 11, 2)
    with database.read() as connection:
        assert IngestLog(connection).size() == 4
    assert intake.process(batch_id, now_ms=now_ms + 1).state == "done"
    assert contents(database, *TABLES) == after


def test_receive__killed_at_each_statement__leaves_nothing_but_bytes_in_the_lake(
    database: Database, vault: Vault, tmp_path: Path
) -> None:
    intake, second = prepare(database, vault, tmp_path)
    tables = ("batches", "ingest_log")
    before, killed = contents(database, *tables), 0
    while True:
        try:
            with killed_at(database, killed + 1):
                receipt = intake.receive(FLOW, second, received_at_ms=RECEIPT_MS + 1)
            break
        except Killed:
            killed += 1
            assert contents(database, *tables) == before
    assert killed > 5
    assert (receipt.batch_id, receipt.leaf_index, receipt.duplicate_of) == (2, 2, None)


def process_until(database_url: str, vault: Vault, folder: Path, stop_at: int) -> None:
    """Process all that is due in a process that ends itself the hard way before its n-th statement."""
    database = Database(database_url)
    intake, seen = open_intake(database, vault, folder / "lake"), 0

    def count(*_: object) -> None:
        nonlocal seen
        seen += 1
        if seen == stop_at:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(database.engine, "before_cursor_execute", count)
    intake.work(now_ms=RECEIPT_MS + stop_at * (LEASE_MS + 1))


def test_work__process_ended_the_hard_way__is_finished_by_the_next(
    database: Database, database_url: str, vault: Vault, tmp_path: Path
) -> None:
    intake, second = prepare(database, vault, tmp_path)
    intake.receive(FLOW, second, received_at_ms=RECEIPT_MS + 1)
    before = contents(database, *TABLES)
    database.close()
    for stop_at in (4, 20, 33):
        arguments = (database_url, vault, tmp_path, stop_at)
        process = get_context("fork").Process(target=process_until, args=arguments)
        process.start()
        process.join(60)
        assert process.exitcode == -signal.SIGKILL
        assert contents(database, *TABLES) == before
        database.close()
    outcomes = intake.work(now_ms=RECEIPT_MS + 100 * LEASE_MS)
    assert [(one.batch_id, one.state, one.counters["rows_new"]) for one in outcomes] == [(2, "done", 10)]
