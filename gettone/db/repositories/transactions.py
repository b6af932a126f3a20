"""The memory of the transaction sender, in the database: every change is its own committed transaction."""

import time
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Executable, Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from gettone.chain.store import UNFINISHED, StoredTransaction, TransactionState
from gettone.db.engine import Database
from gettone.db.tables import ChainTransaction
from gettone.errors import Conflict


class DatabaseTransactionStore:
    """A `gettone.chain.store.TransactionStore` that is durable when a method returns."""

    def __init__(self, database: Database, *, now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000) -> None:
        self._database = database
        self._now_ms = now_ms

    def find(self, intent: str) -> StoredTransaction | None:
        """The transaction of an intent, None if it was never signed."""
        with self._database.read() as connection:
            row = connection.execute(_STORED.where(ChainTransaction.intent == intent)).one_or_none()
        return None if row is None else _stored(row)

    def unfinished(self, sender: str) -> Sequence[StoredTransaction]:
        """All of a sender that are signed or sent, by ascending nonce."""
        states = [state.value for state in UNFINISHED]
        query = _STORED.where(ChainTransaction.sender == sender, ChainTransaction.state.in_(states))
        with self._database.read() as connection:
            return tuple(_stored(row) for row in connection.execute(query.order_by(ChainTransaction.nonce)))

    def add(self, transaction: StoredTransaction) -> None:
        """Store a new one; Conflict `intent_exists` when its intent or its nonce is stored already."""
        values = _values(transaction) | {"created_at": self._now_ms()}
        self._write(insert(ChainTransaction).values(**values), transaction)

    def replace(self, transaction: StoredTransaction) -> None:
        """Put new bytes under a stored intent whose old bytes failed, or can never be mined."""
        statement = update(ChainTransaction).where(ChainTransaction.intent == transaction.intent)
        self._write(statement.values(**_values(transaction)), transaction)

    def advance(self, intent: str, state: TransactionState, block_number: int | None) -> None:
        """Record a new state."""
        statement = update(ChainTransaction).where(ChainTransaction.intent == intent)
        with self._database.write() as connection:
            connection.execute(statement.values(state=state.value, block_number=block_number))

    def _write(self, statement: Executable, transaction: StoredTransaction) -> None:
        try:
            with self._database.write() as connection:
                connection.execute(statement)
        except IntegrityError:
            raise Conflict(
                "intent_exists",
                f"{transaction.intent!r} or nonce {transaction.nonce} of {transaction.sender} "
                "was signed by another process meanwhile: run again",
            ) from None


_STORED = select(
    ChainTransaction.intent,
    ChainTransaction.sender,
    ChainTransaction.nonce,
    ChainTransaction.raw,
    ChainTransaction.tx_hash,
    ChainTransaction.state,
    ChainTransaction.block_number,
)


def _stored(row: Row[str, str, int, bytes, bytes, str, int | None]) -> StoredTransaction:
    intent, sender, nonce, raw, tx_hash, state, block_number = row
    return StoredTransaction(
        intent, sender, nonce, bytes(raw), "0x" + bytes(tx_hash).hex(), TransactionState(state), block_number
    )


def _values(transaction: StoredTransaction) -> dict[str, Any]:
    return {
        "intent": transaction.intent,
        "sender": transaction.sender,
        "nonce": transaction.nonce,
        "raw": transaction.raw,
        "tx_hash": bytes.fromhex(transaction.tx_hash.removeprefix("0x")),
        "state": transaction.state.value,
        "block_number": transaction.block_number,
    }
