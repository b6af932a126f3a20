"""The indexer's process is killed with SIGKILL in the middle of ranges, again and again: the tables are the same."""

import os
import signal
from itertools import count

import pytest
from sqlalchemy import event

from gettone.chain.client import connect
from gettone.chain.contract_set import open_community
from gettone.chain.local import CHAIN_ID
from gettone.db.engine import Database
from oracle.index.context import IndexContext
from oracle.index.job import run_index
from tests.factories.village import COMMUNITY, Village
from tests.integration.index.test_run_index import expected_tables, rows_of, short_ranges

pytestmark = [pytest.mark.chain, pytest.mark.database]

# A range has about seven statements: the first lives end within it, later ones come further and die in the next.
LIVES = (1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 16, 19, 23)


def index_in_a_process(village: Village, url: str, statements: int | None) -> int:
    """Index in a process of its own, which kills itself before its n-th statement or commit; its exit code."""
    pid = os.fork()
    if pid:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    status = 1
    try:
        database = Database(url)
        if statements is not None:
            _die_at(database, statements)
        on_chain = village.on_chain
        client = connect(on_chain.chain.rpc_url, CHAIN_ID)
        contracts = open_community(client, on_chain.deployment, on_chain.spec.community_id)
        run_index(IndexContext(database, contracts), COMMUNITY)
        status = 0
    finally:
        os._exit(status)


def _die_at(database: Database, statements: int) -> None:
    passed = count(1)

    def step(*_: object) -> None:
        if next(passed) == statements:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(database.engine, "before_cursor_execute", step)
    event.listen(database.engine, "commit", step)


def test_run_index__process_killed_in_ranges_and_restarted__identical_tables(
    told: Village, empty_index: IndexContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = expected_tables(empty_index)
    short_ranges(monkeypatch, 12)
    url = empty_index.database.engine.url.render_as_string(hide_password=False)
    url = url.replace("postgresql+psycopg", "postgresql")
    exits = [index_in_a_process(told, url, lives) for lives in LIVES]
    assert exits[:9] == [-signal.SIGKILL] * 9
    assert index_in_a_process(told, url, None) == 0
    assert rows_of(empty_index.database) == expected
