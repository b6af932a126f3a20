"""Between the outbox and its node everything goes wrong, and each effect still takes place once."""

from collections import Counter

import pytest

from gettone.chain.client import ChainClient
from gettone.chain.local import LocalChain
from gettone.db.engine import Database
from gettone.db.repositories.transactions import DatabaseTransactionStore
from tests.factories.fault_proxy import FAULTS
from tests.factories.outbox_faults import run_seed

pytestmark = pytest.mark.chain

SEEDS = range(20)


def test_send_all__faults_of_many_seeds__each_effect_once(
    shared_chain: LocalChain, shared_client: ChainClient, counter: str, embedded: Database
) -> None:
    store = DatabaseTransactionStore(embedded, shared_client.genesis_hash)
    met: Counter[str] = Counter()
    for seed in SEEDS:
        outcome = run_seed(shared_chain, shared_client, counter, store, seed)
        assert (outcome.lost, outcome.doubled) == (0, 0), f"seed {seed}: {outcome}"
        assert outcome.nonces == outcome.rows_with_nonce, f"seed {seed}: {outcome}"
        met += outcome.faults
    assert met.keys() >= FAULTS.keys()
