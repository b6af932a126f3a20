"""A chain that is stopped, emptied, halted or taken back while an outbox works, for tests and long runs."""

import threading
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from gettone.chain.client import ChainClient, connect
from gettone.chain.local import CHAIN_ID, LocalChain
from gettone.chain.outbox.pace import Pace
from gettone.chain.signer import Signer
from gettone.chain.store import TransactionStore
from gettone.chain.transactions import Sender
from gettone.errors import Unreachable
from tests.factories.community import CHAIN_START_S
from tests.factories.counting_contract import effects

HURRIED = Pace(timeout_s=0.5, poll_s=0.02, rebroadcast_s=0.1, patience_s=0.5)


def set_mining(chain: LocalChain, on: bool) -> None:
    """Let the chain mine each transaction at once, or nothing at all."""
    chain._rpc("evm_setAutomine", on)


def leave_pending(
    chain: LocalChain, client: ChainClient, signer: Signer, store: TransactionStore, counter: str, names: Sequence[str]
) -> None:
    """Sign and send effects that nobody mines: afterwards they are in the store and in the node's pool."""
    set_mining(chain, False)
    with pytest.raises(Unreachable) as pending:
        Sender(client, signer, store, HURRIED).send_all(effects(counter, names))
    assert pending.value.code == "transaction_pending"


def restart(chain: LocalChain, folder: Path) -> LocalChain:
    """Stop a chain that keeps its state, and start it on the same port: its pool is empty then."""
    chain.stop()
    return LocalChain.start(folder, timestamp_s=CHAIN_START_S, keep_state=True, port=chain.port)


def resume_later(chain: LocalChain, after_s: float) -> threading.Thread:
    """Let the chain mine again after some seconds, while somebody waits for it."""

    def resume() -> None:
        time.sleep(after_s)
        set_mining(chain, True)
        chain.mine()

    thread = threading.Thread(target=resume)
    thread.start()
    return thread


def reconnected(chain: LocalChain) -> ChainClient:
    """A client of a chain that was started again."""
    return connect(chain.rpc_url, CHAIN_ID)
