"""Two processes use one key at once: every nonce once, every effect once."""

import pytest

from gettone.chain.client import ChainClient
from gettone.db.engine import Database
from tests.factories.outbox_process import run_two

pytestmark = [pytest.mark.chain, pytest.mark.database]

JOBS = 60


def test_send_all__two_processes_on_one_key__every_nonce_and_effect_once(
    shared_client: ChainClient, counter: str, database: Database, database_url: str
) -> None:
    key = "key of two on " + database.engine.dialect.name
    outcome = run_two(shared_client, database, database_url, counter, key, JOBS)
    assert (outcome.lost, outcome.doubled) == (0, 0)
    assert outcome.nonces_mined == outcome.nonces_stored == outcome.rows == JOBS
