"""Whether the chain is the one known from before: a chain that went back is refused before anything is sent."""

import time

from gettone.chain.client import ChainClient
from gettone.chain.outbox.pace import Pace
from gettone.chain.store import TransactionStore
from gettone.chain.stored_transaction import Checkpoint
from gettone.errors import Conflict, Unreachable


def require_continuity(client: ChainClient, store: TransactionStore, pace: Pace) -> None:
    """Compare the last final block known with the node's; where none is known yet, the node's latest one is kept.

    It moves on as transactions become final.  Raises Conflict `chain_went_back` when the node has another block in its
    place, or none after `patience_s`: a node that merely lags looks like one that was restored, and is given that time.
    """
    known = store.checkpoint()
    if known is not None:
        require_block(client, known, pace)
        return
    final_number = client.block_number() - pace.confirmations
    if final_number >= 0:
        block_hash = client.block_hash(final_number)
        if block_hash is not None:
            store.record_checkpoint(Checkpoint(final_number, block_hash))


def require_block(client: ChainClient, known: Checkpoint, pace: Pace) -> None:
    """Conflict `chain_went_back` unless the node has this block."""
    deadline = time.monotonic() + pace.patience_s
    while (found := _block_hash(client, known.block_number, deadline)) is None:
        if time.monotonic() >= deadline:
            break
        time.sleep(pace.poll_s)
    if found == known.block_hash:
        return
    has = f"has 0x{found.hex()} there" if found else f"has only {client.block_number()} blocks"
    raise Conflict(
        "chain_went_back",
        f"block {known.block_number} was 0x{known.block_hash.hex()} and the node at {client.rpc_url} {has}: it was "
        "restored or the chain started anew, so nothing was sent; compare it with the other nodes, then restore the "
        "database of the same day or name the right node in GETTONE_RPC_URL",
    )


def _block_hash(client: ChainClient, block_number: int, deadline: float) -> bytes | None:
    """As the client says it; a node that does not answer is asked again until the deadline."""
    try:
        return client.block_hash(block_number)
    except Unreachable:
        if time.monotonic() >= deadline:
            raise
        return None
