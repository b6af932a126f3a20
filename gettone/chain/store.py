"""Where an outbox remembers what it does: one row for each attempt of an intent, the protocol, a twin in memory.

A row goes prepared → signed → sent → mined → final, each step stored before the next begins.  Bytes are stored
before they leave and are never changed; a nonce has one row that may be mined, ever.
"""

import logging
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import Protocol

from gettone.chain.stored_transaction import IN_FLIGHT, UNFINISHED, Checkpoint, StoredTransaction, TransactionState
from gettone.errors import Conflict

log = logging.getLogger(__name__)


class KeyRows(Protocol):
    """The rows of one key while nobody else may give out its nonces."""

    def highest_nonce(self) -> int | None:
        """The highest nonce ever given out, None for a key that never signed."""

    def nonces_from(self, nonce: int) -> set[int]:
        """All nonces from there on that were given out."""

    def in_flight(self) -> int:
        """How many rows are signed or sent."""

    def prepared(self, places: Sequence[tuple[str, int]]) -> list[StoredTransaction]:
        """Those of the rows that still wait for a nonce, in the order asked for."""

    def sign(self, rows: Sequence[StoredTransaction]) -> None:
        """Store nonce, bytes and hash of prepared rows."""

    def add(self, row: StoredTransaction) -> None:
        """Store a row that has its nonce from the start (a no-op)."""

    def end(self, row: StoredTransaction) -> bool:
        """Store that a row in flight ended (`state`, `reason`), which frees its nonce; False if it was in no flight."""


class TransactionStore(Protocol):
    """Remembers the transactions of one chain; every change is durable when the method returns."""

    def find(self, intent: str) -> StoredTransaction | None:
        """The latest attempt of an intent, None if it was never prepared."""

    def find_all(self, intents: Sequence[str]) -> dict[str, StoredTransaction]:
        """The latest attempts of those intents that were prepared."""

    def unfinished(self, sender: str) -> Sequence[StoredTransaction]:
        """All of a sender that are signed, sent or mined, by ascending nonce."""

    def unfinished_states(self, sender: str) -> dict[tuple[str, int], TransactionState]:
        """Place and state of the same rows, without their bytes."""

    def prepare(self, rows: Sequence[StoredTransaction]) -> None:
        """Store new attempts; one that another process stored meanwhile stays as it is.

        A row that is only prepared takes the content of the new one: nothing was signed for it.
        """

    def key_lock(self, sender: str) -> AbstractContextManager[KeyRows]:
        """The rows of a key, entered alone among all processes, changed all together or not at all."""

    def advance(self, rows: Iterable[StoredTransaction], before: Sequence[TransactionState]) -> None:
        """Store state, block and reason of rows, unless somebody took them out of the states `before` meanwhile."""

    def checkpoint(self) -> Checkpoint | None:
        """The last final block known, None at the beginning."""

    def record_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Store a later final block; an earlier one changes nothing."""


class MemoryTransactionStore:
    """The twin without a disk, for tests: it forgets with the process, and says so."""

    def __init__(self, *, forgets: bool = True) -> None:
        self._rows: dict[tuple[str, int], StoredTransaction] = {}
        self._checkpoint: Checkpoint | None = None
        self._lock = threading.RLock()
        if forgets:
            log.warning("transactions are kept in memory only: after a crash nothing is known of them")

    def find(self, intent: str) -> StoredTransaction | None:
        """The latest attempt of an intent, None if it was never prepared."""
        attempt = 0
        while (intent, attempt + 1) in self._rows:
            attempt += 1
        return self._rows.get((intent, attempt))

    def find_all(self, intents: Sequence[str]) -> dict[str, StoredTransaction]:
        """The latest attempts of those intents that were prepared."""
        return {intent: found for intent in intents if (found := self.find(intent)) is not None}

    def unfinished(self, sender: str) -> Sequence[StoredTransaction]:
        """All of a sender that are signed, sent or mined, by ascending nonce."""
        mine = [one for one in self._rows.values() if one.sender == sender and one.state in UNFINISHED]
        return sorted(mine, key=lambda one: one.signed[0])

    def unfinished_states(self, sender: str) -> dict[tuple[str, int], TransactionState]:
        """Place and state of the same rows."""
        return {row.place: row.state for row in self.unfinished(sender)}

    def prepare(self, rows: Sequence[StoredTransaction]) -> None:
        """Store new attempts; what is signed already stays as it is."""
        known = (self._rows.get(row.place) for row in rows)
        self._put(
            row
            for row, stored in zip(rows, known, strict=True)
            if stored is None or stored.state is TransactionState.PREPARED
        )

    @contextmanager
    def key_lock(self, sender: str) -> Iterator[KeyRows]:
        """The rows of a key, changed all together or not at all."""
        with self._lock:
            changes = _MemoryRows(sender, dict(self._rows))
            yield changes
            self._put(changes.changed)

    def advance(self, rows: Iterable[StoredTransaction], before: Sequence[TransactionState]) -> None:
        """Store state, block and reason of rows that are still in one of the states `before`."""
        self._put(
            replace(
                self._rows[row.place],
                state=row.state,
                block_number=row.block_number,
                block_hash=row.block_hash,
                reason=row.reason,
            )
            for row in rows
            if self._rows[row.place].state in before
        )

    def checkpoint(self) -> Checkpoint | None:
        """The last final block known."""
        return self._checkpoint

    def record_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Store a later final block."""
        if self._checkpoint is None or checkpoint.block_number > self._checkpoint.block_number:
            self._checkpoint = checkpoint

    def _put(self, rows: Iterable[StoredTransaction]) -> None:
        self._rows |= {row.place: row for row in rows}


class _MemoryRows:
    """`KeyRows` over a copy of all rows; `changed` are those to store at the end."""

    def __init__(self, sender: str, rows: dict[tuple[str, int], StoredTransaction]) -> None:
        self._sender = sender
        self._rows = rows
        self.changed: list[StoredTransaction] = []

    def highest_nonce(self) -> int | None:
        return max((one.nonce for one in self._mine() if one.nonce is not None), default=None)

    def nonces_from(self, nonce: int) -> set[int]:
        return {one.nonce for one in self._mine() if one.nonce is not None and one.nonce >= nonce}

    def in_flight(self) -> int:
        return sum(one.state in IN_FLIGHT for one in self._mine())

    def prepared(self, places: Sequence[tuple[str, int]]) -> list[StoredTransaction]:
        found = [self._rows[place] for place in places]
        return [one for one in found if one.state is TransactionState.PREPARED]

    def sign(self, rows: Sequence[StoredTransaction]) -> None:
        for row in rows:
            self._change(row)

    def add(self, row: StoredTransaction) -> None:
        if row.place in self._rows:
            raise Conflict("intent_exists", f"{row.intent!r} was stored meanwhile: run again")
        self._change(row)

    def end(self, row: StoredTransaction) -> bool:
        flying = self._rows[row.place].state in IN_FLIGHT
        if flying:
            self._change(row)
        return flying

    def _change(self, row: StoredTransaction) -> None:
        self._rows[row.place] = row
        self.changed.append(row)

    def _mine(self) -> list[StoredTransaction]:
        return [one for one in self._rows.values() if one.sender == self._sender]
