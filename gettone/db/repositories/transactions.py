"""The memory of the transaction outbox, in the database: every change is its own committed transaction."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, bindparam, insert, or_, select, text, tuple_, update

from gettone.chain.store import KeyRows
from gettone.chain.stored_transaction import UNFINISHED, Checkpoint, StoredTransaction, TransactionState
from gettone.db.engine import Database
from gettone.db.repositories.key_rows import STORED, DatabaseKeyRows, stored_of, values_of
from gettone.db.tables import ChainCheckpoint, ChainTransaction

_PER_QUERY = 500


class DatabaseTransactionStore:
    """A `gettone.chain.store.TransactionStore` of one chain that is durable when a method returns.

    `chain` is the 32-byte hash of the network's first block.
    """

    def __init__(
        self, database: Database, chain: bytes, *, now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000
    ) -> None:
        self._database = database
        self._chain = chain
        self._now_ms = now_ms

    def find(self, intent: str) -> StoredTransaction | None:
        """The latest attempt of an intent, None if it was never prepared."""
        return self.find_all([intent]).get(intent)

    def find_all(self, intents: Sequence[str]) -> dict[str, StoredTransaction]:
        """The latest attempts of those intents that were prepared."""
        found: dict[str, StoredTransaction] = {}
        with self._database.read() as connection:
            for first in range(0, len(intents), _PER_QUERY):
                among = ChainTransaction.intent.in_(intents[first : first + _PER_QUERY])
                rows = connection.execute(self._mine(among).order_by(ChainTransaction.attempt))
                found |= {row.intent: stored_of(row) for row in rows}
        return found

    def unfinished(self, sender: str) -> Sequence[StoredTransaction]:
        """All of a sender that are signed, sent or mined, by ascending nonce."""
        states = ChainTransaction.state.in_([state.value for state in UNFINISHED])
        query = self._mine(ChainTransaction.sender == sender, states).order_by(ChainTransaction.nonce)
        with self._database.read() as connection:
            return tuple(stored_of(row) for row in connection.execute(query))

    def unfinished_states(self, sender: str) -> dict[tuple[str, int], TransactionState]:
        """Place and state of the same rows, without their bytes."""
        columns = select(ChainTransaction.intent, ChainTransaction.attempt, ChainTransaction.state)
        mine = (ChainTransaction.chain == self._chain, ChainTransaction.sender == sender)
        states = ChainTransaction.state.in_([state.value for state in UNFINISHED])
        with self._database.read() as connection:
            rows = connection.execute(columns.where(*mine, states))
            return {(row.intent, row.attempt): TransactionState(row.state) for row in rows}

    def prepare(self, rows: Sequence[StoredTransaction]) -> None:
        """Store new attempts; one that is signed already stays as it is."""
        with self._database.write() as connection:
            # Two processes that prepare one intent at once would both insert it: the second waits for the first.
            self._alone(connection, "prepare")
            known = self._states(connection, [row.place for row in rows])
            new = [row for row in rows if row.place not in known]
            again = [row for row in rows if known.get(row.place) == TransactionState.PREPARED]
            if new:
                connection.execute(insert(ChainTransaction), [self._inserted(row) for row in new])
            for row in again:
                values = {"sender": row.sender, "receiver": row.to, "data": row.data, "gas": row.gas}
                connection.execute(self._update(row).values(**values, updated_at=self._now_ms()))

    @contextmanager
    def key_lock(self, sender: str) -> Iterator[KeyRows]:
        """The rows of a key, for one process at a time, changed all together or not at all.

        On SQLite the writer is alone anyway; on PostgreSQL an advisory lock of chain and key is held to the end.
        """
        with self._database.write() as connection:
            self._alone(connection, sender)
            yield DatabaseKeyRows(connection, self._chain, sender, self._now_ms())

    def advance(self, rows: Iterable[StoredTransaction], before: Sequence[TransactionState]) -> None:
        """Store state, block and reason of rows that are still in one of the states `before`."""
        now_ms = self._now_ms()
        changed = [
            {
                "of_intent": row.intent,
                "of_attempt": row.attempt,
                "state": row.state.value,
                "block_number": row.block_number,
                "block_hash": row.block_hash,
                "reason": row.reason,
                "updated_at": now_ms,
            }
            for row in rows
        ]
        if not changed:
            return
        statement = update(ChainTransaction).where(
            ChainTransaction.chain == self._chain,
            ChainTransaction.intent == bindparam("of_intent"),
            ChainTransaction.attempt == bindparam("of_attempt"),
            # A list of states would be of any length, which a statement for many rows cannot be.
            or_(*(ChainTransaction.state == state.value for state in before)),
        )
        with self._database.write() as connection:
            connection.execute(statement, changed)

    def checkpoint(self) -> Checkpoint | None:
        """The last final block known, None at the beginning."""
        query = select(ChainCheckpoint.block_number, ChainCheckpoint.block_hash)
        with self._database.read() as connection:
            row = connection.execute(query.where(ChainCheckpoint.chain == self._chain)).one_or_none()
        return None if row is None else Checkpoint(row.block_number, bytes(row.block_hash))

    def record_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Store a later final block; the first one also takes over rows from before networks were told apart."""
        values = {"block_number": checkpoint.block_number, "block_hash": checkpoint.block_hash}
        values |= {"updated_at": self._now_ms()}
        mine = ChainCheckpoint.chain == self._chain
        with self._database.write() as connection:
            self._alone(connection, "checkpoint")
            if connection.execute(select(ChainCheckpoint.block_number).where(mine)).one_or_none() is None:
                connection.execute(insert(ChainCheckpoint).values(chain=self._chain, **values))
                nobodys = update(ChainTransaction).where(ChainTransaction.chain == b"")
                connection.execute(nobodys.values(chain=self._chain))
            else:
                later = update(ChainCheckpoint).where(mine, ChainCheckpoint.block_number < checkpoint.block_number)
                connection.execute(later.values(**values))

    def _mine(self, *conditions: Any) -> Any:
        return STORED.where(ChainTransaction.chain == self._chain, *conditions)

    def _alone(self, connection: Connection, subject: str) -> None:
        """Wait until no other process holds the lock of this subject on this chain."""
        if not self._database.is_sqlite:
            digest = sha256(self._chain + subject.encode()).digest()
            key = {"lock": int.from_bytes(digest[:8], "big", signed=True)}
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), key)

    def _states(self, connection: Connection, places: Sequence[tuple[str, int]]) -> dict[tuple[str, int], str]:
        found: dict[tuple[str, int], str] = {}
        columns = select(ChainTransaction.intent, ChainTransaction.attempt, ChainTransaction.state)
        for first in range(0, len(places), _PER_QUERY):
            among = tuple_(ChainTransaction.intent, ChainTransaction.attempt).in_(places[first : first + _PER_QUERY])
            rows = connection.execute(columns.where(ChainTransaction.chain == self._chain, among))
            found |= {(row.intent, row.attempt): row.state for row in rows}
        return found

    def _inserted(self, row: StoredTransaction) -> dict[str, Any]:
        now_ms = self._now_ms()
        return values_of(row) | {"chain": self._chain, "created_at": now_ms, "updated_at": now_ms}

    def _update(self, row: StoredTransaction) -> Any:
        return update(ChainTransaction).where(
            ChainTransaction.chain == self._chain,
            ChainTransaction.intent == row.intent,
            ChainTransaction.attempt == row.attempt,
            ChainTransaction.state == TransactionState.PREPARED.value,
        )
