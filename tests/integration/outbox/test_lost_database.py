"""The database is lost at every statement of a send, locked by another program, or restarted: nothing twice."""

import contextlib
import shutil
import tempfile
import threading
import time
from pathlib import Path

import pytest

from gettone.chain.client import ChainClient
from gettone.chain.transactions import Sender
from gettone.db import schema
from gettone.db.engine import Database
from gettone.db.repositories.transactions import DatabaseTransactionStore
from gettone.errors import GettoneError
from tests.factories.community import throwaway_account
from tests.factories.counting_contract import HASTY, counts, effects
from tests.factories.database_faults import COMMIT, crash_at, cut_at, until_sent
from tests.factories.postgres_cluster import private_cluster

pytestmark = [pytest.mark.chain, pytest.mark.database]

SECONDS_TO_LOCK = 1.0
STATEMENTS_BEFORE_A_CRASH = 40


def test_send_all__connection_lost_at_every_statement__the_next_run_finishes_once(
    shared_client: ChainClient, counter: str, database: Database
) -> None:
    store = DatabaseTransactionStore(database, shared_client.genesis_hash)
    kind = database.engine.dialect.name

    def send(name: str) -> None:
        key = throwaway_account(f"{kind} key {name}")
        planned = effects(counter, [f"{kind} {name} a", f"{kind} {name} b"])
        Sender(shared_client, key, store, HASTY).send_all(planned)

    with cut_at(database, None) as counted:
        send("whole")
    assert len(counted.statements) > 10
    cuts = [(at, False) for at, _ in enumerate(counted.statements, 1)]
    # After any other statement the transaction is lost as before it; a commit may have come through unheard.
    cuts += [(at, True) for at, statement in enumerate(counted.statements, 1) if statement == COMMIT]
    for at, after in cuts:
        name = f"{at} {after}"
        with cut_at(database, at, after=after) as cut, contextlib.suppress(GettoneError):
            send(name)
        send(name)
        found = counts(shared_client, counter, [f"{kind} {name} a", f"{kind} {name} b"])
        assert found == [1, 1], f"cut {'after' if after else 'before'} statement {at}: {cut.cuts}"
        assert shared_client.nonce(throwaway_account(f"{kind} key {name}").address) == 2, f"cut at {at}"


def test_send_all__sqlite_locked_by_another_program__waits_for_it(
    shared_client: ChainClient, counter: str, embedded: Database
) -> None:
    store = DatabaseTransactionStore(embedded, shared_client.genesis_hash)
    held = threading.Event()

    def hold() -> None:
        with embedded.write():
            held.set()
            time.sleep(SECONDS_TO_LOCK)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait()
    started = time.monotonic()
    Sender(shared_client, throwaway_account("key of a lock"), store, HASTY).send_all(effects(counter, ["locked"]))
    waited_s = time.monotonic() - started
    holder.join()
    assert waited_s >= SECONDS_TO_LOCK / 2
    assert counts(shared_client, counter, ["locked"]) == [1]


def test_send_all__postgresql_crashes_during_a_run__every_effect_comes_once(
    shared_client: ChainClient, counter: str
) -> None:
    """Killing one of its processes makes PostgreSQL end all sessions, recover from its log, and start again."""
    key, names = throwaway_account("key of a restart"), [f"restart {number}" for number in range(12)]
    folder = Path(tempfile.mkdtemp(prefix="gettone-pg-"))
    folder.chmod(0o755)
    try:
        with private_cluster(folder, outlives_crashes=True) as url:
            schema.upgrade(url)
            database = Database(url)
            store = DatabaseTransactionStore(database, shared_client.genesis_hash)
            with crash_at(database, STATEMENTS_BEFORE_A_CRASH) as ended:
                until_sent(Sender(shared_client, key, store, HASTY), effects(counter, names))
            database.close()
    finally:
        shutil.rmtree(folder)
    assert ended == ["by the server"]
    assert counts(shared_client, counter, names) == [1] * len(names)
    assert shared_client.nonce(key.address) == len(names)
