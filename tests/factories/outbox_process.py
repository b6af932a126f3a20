"""A process of its own that brings effects on chain by a key others use too.

python -m tests.factories.outbox_process DATABASE_URL RPC_URL COUNTER KEY NAME...
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from gettone.chain.client import ChainClient, connect
from gettone.chain.local import CHAIN_ID
from gettone.chain.outbox.pace import Pace
from gettone.chain.transactions import Sender
from gettone.db.engine import Database
from gettone.db.repositories.transactions import DatabaseTransactionStore
from tests.factories.community import throwaway_account
from tests.factories.counting_contract import counts, effects

PACE = Pace(timeout_s=60, poll_s=0.02, rebroadcast_s=1, window=16)
BOTH_EVERY = 10
_PATIENCE_S = 1200


@dataclass(frozen=True)
class TwoProcesses:
    """What two processes on one key made of their work."""

    lost: int
    doubled: int
    nonces_mined: int
    nonces_stored: int
    rows: int


def run_two(client: ChainClient, database: Database, url: str, counter: str, key: str, jobs: int) -> TwoProcesses:
    """Share out `jobs` effects among two processes; one in ten is asked of both."""
    names = [f"{key}/{number}" for number in range(jobs)]
    common = names[::BOTH_EVERY]
    shares = (sorted({*names[::2], *common}), sorted({*names[1::2], *common}))
    processes = [_start(url, client.rpc_url, counter, key, share) for share in shares]
    for process in processes:
        said, _ = process.communicate(timeout=_PATIENCE_S)
        assert process.returncode == 0, said
    address = throwaway_account(key).address
    found = counts(client, counter, names)
    with DatabaseTransactionStore(database, client.genesis_hash).key_lock(address) as rows:
        stored = rows.nonces_from(0)
    with database.read() as connection:
        statement = "SELECT count(*) FROM chain_transactions WHERE sender = '" + address + "'"
        listed = int(connection.exec_driver_sql(statement).scalar() or 0)
    mined = client.nonce(address)
    assert stored == set(range(mined)), "a nonce was left out or given out beyond the chain"
    return TwoProcesses(found.count(0), sum(one > 1 for one in found), mined, len(stored), listed)


def _start(url: str, rpc_url: str, counter: str, key: str, names: Sequence[str]) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.factories.outbox_process", url, rpc_url, counter, key, json.dumps(names)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def main() -> None:
    """Bring the effects on chain, ten at a time, so that the processes take turns."""
    url, rpc_url, counter, key, listed = sys.argv[1:]
    names: list[str] = json.loads(listed)
    database, client = Database(url), connect(rpc_url, CHAIN_ID)
    store = DatabaseTransactionStore(database, client.genesis_hash)
    sender = Sender(client, throwaway_account(key), store, PACE)
    for first in range(0, len(names), 10):
        sender.send_all(effects(counter, names[first : first + 10]))
    database.close()


if __name__ == "__main__":
    main()
