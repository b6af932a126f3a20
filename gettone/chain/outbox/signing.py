"""Nonces and bytes: given out under the key's lock, stored before anybody else may give out the next one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gettone.chain.answers import Meaning
from gettone.chain.client import ChainClient
from gettone.chain.outbox.legacy import noop_row, signed_row
from gettone.chain.outbox.pace import Pace
from gettone.chain.signer import Signer
from gettone.chain.store import KeyRows, TransactionStore
from gettone.chain.stored_transaction import StoredTransaction, TransactionState
from gettone.errors import Conflict


@dataclass(frozen=True, slots=True)
class Signing:
    """One key that signs for one outbox."""

    client: ChainClient
    signer: Signer
    store: TransactionStore
    pace: Pace

    def sign(self, places: Sequence[tuple[str, int]]) -> int:
        """Sign prepared rows as far as the window has room, and fill gaps in the nonces; returns how many rows.

        Every row of this database has its nonce before its bytes leave, so whatever the node counts beyond them
        belongs to another program: Conflict `key_used_elsewhere`.
        """
        mined, pending, head_number = self.client.nonces(self.signer.address)
        with self.store.key_lock(self.signer.address) as key:
            highest = key.highest_nonce()
            following = mined if highest is None else max(mined, highest + 1)
            if pending > following:
                raise _used_elsewhere(self.signer.address, pending, following)
            self._fill_gaps(key, mined, following, head_number)
            room = max(0, self.pace.window - key.in_flight())
            waiting = key.prepared(places)[:room]
            key.sign([self._signed(row, following + place, head_number) for place, row in enumerate(waiting)])
        return len(waiting)

    def give_up(self, row: StoredTransaction, meaning: Meaning) -> None:
        """Give the nonce of bytes that no block can hold to a no-op, so that those after it are mined.

        The row stays as superseded; it is signed anew only when the no-op is mined, which proves it dead.
        """
        nonce = row.signed[0]
        head_number = self.client.block_number()
        with self.store.key_lock(self.signer.address) as key:
            if key.end(replace(row, state=TransactionState.SUPERSEDED, reason=meaning.code)):
                key.add(self._signed(noop_row(self.signer.address, nonce), nonce, head_number))

    def _fill_gaps(self, key: KeyRows, mined: int, following: int, head_number: int) -> None:
        """A no-op for every nonce that was never given out or whose row was lost; those after it wait for it."""
        for nonce in sorted(set(range(mined, following)) - key.nonces_from(mined)):
            key.add(self._signed(noop_row(self.signer.address, nonce), nonce, head_number))

    def _signed(self, row: StoredTransaction, nonce: int, head_number: int) -> StoredTransaction:
        return signed_row(row, self.signer, self.client.chain_id, nonce, head_number)


def _used_elsewhere(address: str, pending: int, following: int) -> Conflict:
    return Conflict(
        "key_used_elsewhere",
        f"the node holds transactions of {address} up to nonce {pending - 1} and this database gave out nonces only up "
        f"to {following - 1}: another program uses the key, or the database is older than the chain; stop the other "
        "program and wait until its transactions are mined, or restore the later database",
    )
