"""The rows of one key while its lock is held: nonces, and giving them out (see `transactions.py`)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, tuple_, update

from gettone.chain.stored_transaction import IN_FLIGHT, StoredTransaction, TransactionState
from gettone.db.tables import ChainTransaction

STORED: Any = select(
    ChainTransaction.intent,
    ChainTransaction.sender,
    ChainTransaction.receiver,
    ChainTransaction.data,
    ChainTransaction.gas,
    ChainTransaction.attempt,
    ChainTransaction.nonce,
    ChainTransaction.raw,
    ChainTransaction.tx_hash,
    ChainTransaction.head_number,
    ChainTransaction.state,
    ChainTransaction.block_number,
    ChainTransaction.block_hash,
    ChainTransaction.reason,
)
_PER_QUERY = 500


class DatabaseKeyRows:
    """A `gettone.chain.store.KeyRows` inside the transaction that holds the key's lock."""

    def __init__(self, connection: Connection, chain: bytes, sender: str, now_ms: int) -> None:
        self._connection = connection
        self._chain = chain
        self._sender = sender
        self._now_ms = now_ms
        self._mine = (ChainTransaction.chain == chain, ChainTransaction.sender == sender)

    def highest_nonce(self) -> int | None:
        """The highest nonce ever given out, None for a key that never signed."""
        found: int | None = self._connection.execute(
            select(func.max(ChainTransaction.nonce)).where(*self._mine)
        ).scalar()
        return found

    def nonces_from(self, nonce: int) -> set[int]:
        """All nonces from there on that were given out."""
        query = select(ChainTransaction.nonce).where(*self._mine, ChainTransaction.nonce >= nonce)
        return {one for one in self._connection.execute(query).scalars() if one is not None}

    def in_flight(self) -> int:
        """How many rows are signed or sent."""
        states = ChainTransaction.state.in_([state.value for state in IN_FLIGHT])
        query = select(func.count()).select_from(ChainTransaction).where(*self._mine, states)
        return int(self._connection.execute(query).scalar_one())

    def prepared(self, places: Sequence[tuple[str, int]]) -> list[StoredTransaction]:
        """Those of the rows that still wait for a nonce, in the order asked for."""
        found: dict[tuple[str, int], StoredTransaction] = {}
        waits = ChainTransaction.state == TransactionState.PREPARED.value
        for first in range(0, len(places), _PER_QUERY):
            among = tuple_(ChainTransaction.intent, ChainTransaction.attempt).in_(places[first : first + _PER_QUERY])
            rows = self._connection.execute(STORED.where(*self._mine, waits, among))
            found |= {one.place: one for one in map(stored_of, rows)}
        return [found[place] for place in places if place in found]

    def sign(self, rows: Sequence[StoredTransaction]) -> None:
        """Store nonce, bytes and hash of rows that are still prepared and still this key's."""
        statement = update(ChainTransaction).where(
            *self._mine,
            ChainTransaction.state == TransactionState.PREPARED.value,
            ChainTransaction.intent == bindparam("of_intent"),
            ChainTransaction.attempt == bindparam("of_attempt"),
        )
        signed = [self._changed(row) | {"of_intent": row.intent, "of_attempt": row.attempt} for row in rows]
        if signed:
            self._connection.execute(statement, signed)

    def add(self, row: StoredTransaction) -> None:
        """Store a row that has its nonce from the start (a no-op)."""
        times = {"created_at": self._now_ms, "updated_at": self._now_ms}
        self._connection.execute(insert(ChainTransaction).values(chain=self._chain, **values_of(row), **times))

    def end(self, row: StoredTransaction) -> bool:
        """Store that a row in flight ended, which frees its nonce; False if it was in no flight."""
        of_row = (ChainTransaction.intent == row.intent, ChainTransaction.attempt == row.attempt)
        flying = ChainTransaction.state.in_([state.value for state in IN_FLIGHT])
        statement = update(ChainTransaction).where(*self._mine, *of_row, flying)
        values = {"state": row.state.value, "reason": row.reason, "updated_at": self._now_ms}
        return self._connection.execute(statement.values(**values)).rowcount == 1

    def _changed(self, row: StoredTransaction) -> dict[str, Any]:
        names = ("nonce", "raw", "tx_hash", "head_number", "state")
        values = values_of(row)
        return {name: values[name] for name in names} | {"updated_at": self._now_ms}


def stored_of(row: Row[Any]) -> StoredTransaction:
    """A row of `STORED` as the outbox knows it."""
    return StoredTransaction(
        row.intent,
        row.sender,
        row.receiver,
        bytes(row.data),
        row.gas,
        row.attempt,
        row.nonce,
        None if row.raw is None else bytes(row.raw),
        None if row.tx_hash is None else "0x" + bytes(row.tx_hash).hex(),
        row.head_number,
        TransactionState(row.state),
        row.block_number,
        None if row.block_hash is None else bytes(row.block_hash),
        row.reason,
    )


def values_of(row: StoredTransaction) -> dict[str, Any]:
    """The columns of a row, without chain and times."""
    return {
        "intent": row.intent,
        "sender": row.sender,
        "receiver": row.to,
        "data": row.data,
        "gas": row.gas,
        "attempt": row.attempt,
        "nonce": row.nonce,
        "raw": row.raw,
        "tx_hash": None if row.tx_hash is None else bytes.fromhex(row.tx_hash.removeprefix("0x")),
        "head_number": row.head_number,
        "state": row.state.value,
        "block_number": row.block_number,
        "block_hash": row.block_hash,
        "reason": row.reason,
    }
