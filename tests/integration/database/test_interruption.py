"""An import that is killed at any statement leaves nothing behind, and the next one is whole."""

import os
import secrets
import signal
from multiprocessing import get_context
from pathlib import Path

import pytest
from sqlalchemy import event

from gettone.db import bulk
from gettone.db.engine import Database
from gettone.vault import Vault
from oracle.import_readings import import_readings
from tests.factories.metering import FLOW, RECEIPT_MS, START_S, contents, register, write_readings

pytestmark = [pytest.mark.database, pytest.mark.slow]

WRITES = ("INSERT", "UPDATE", "CREATE")


def import_until(database_url: str, vault: Vault, path: Path, stop_at: int) -> None:
    """Import in a process that ends itself the hard way just before its n-th write; 0 lets it finish."""
    database = Database(database_url)
    seen = 0

    def count(statement: str = "COMMIT") -> None:
        nonlocal seen
        seen += statement.startswith((*WRITES, "COMMIT"))
        if seen == stop_at > 0:
            os.kill(os.getpid(), signal.SIGKILL)

    plain_copy = bulk._copy

    def counted_copy(*arguments: object) -> None:
        count("INSERT by COPY")
        plain_copy(*arguments)  # type: ignore[arg-type]  # handed through

    bulk._copy = counted_copy
    event.listen(database.engine, "before_cursor_execute", lambda *arguments: count(arguments[2]))
    event.listen(database.engine, "commit", lambda _connection: count())
    import_readings(database, vault, path, FLOW, now_ms=RECEIPT_MS + 1, accept_rejects=True)


def exit_of(database_url: str, vault: Vault, path: Path, stop_at: int) -> int | None:
    process = get_context("fork").Process(target=import_until, args=(database_url, vault, path, stop_at))
    process.start()
    process.join(60)
    return process.exitcode


def test_import__killed_at_each_write__is_all_or_nothing(database: Database, database_url: str, tmp_path: Path) -> None:
    vault = Vault(secrets.token_bytes(32))
    register(database, vault)
    first = write_readings(tmp_path / "a.csv", [("home01", START_S + 3600 * hour, hour) for hour in range(20)])
    import_readings(database, vault, first, FLOW, now_ms=RECEIPT_MS)
    rows = [("home01", START_S + 3600 * hour, 2 * hour + 1) for hour in range(10, 30)]
    second = write_readings(tmp_path / "b.csv", [*rows, ("home02", START_S, "x")])
    before = contents(database)
    database.close()

    killed = 0
    while (status := exit_of(database_url, vault, second, killed + 1)) == -signal.SIGKILL:
        killed += 1
        assert contents(database) == before, f"write {killed} left something behind"
        database.close()
    assert status == 0
    # At least the batch, new readings, replaced ones, versions, the key of the rejects, rejects, and the commit.
    assert killed >= 7
    after = contents(database)
    assert (len(after["readings"]), len(after["reading_versions"]), len(after["rejects"])) == (30, 10, 1)
    database.close()
    assert exit_of(database_url, vault, second, 0) == 0
    assert contents(database) == after
