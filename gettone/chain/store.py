"""Where a sender remembers what it signed: the protocol, a file, and a twin in memory.

A transaction is stored with its exact bytes before it leaves, so that after a crash the same bytes are sent
again instead of a second transaction.
"""

import json
import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from gettone.errors import Conflict

log = logging.getLogger(__name__)


class TransactionState(StrEnum):
    """How far a transaction came: signed → sent → mined, or failed (mined with status 0)."""

    SIGNED = "signed"
    SENT = "sent"
    MINED = "mined"
    FAILED = "failed"


UNFINISHED = (TransactionState.SIGNED, TransactionState.SENT)


@dataclass(frozen=True, slots=True)
class StoredTransaction:
    """One signed transaction: `intent` says once and for all what it is for, `raw` are the bytes that go out.

    `tx_hash` is 0x hex, `block_number` that of the receipt.
    """

    intent: str
    sender: str
    nonce: int
    raw: bytes
    tx_hash: str
    state: TransactionState = TransactionState.SIGNED
    block_number: int | None = None


class TransactionStore(Protocol):
    """Remembers signed transactions; every change is durable when the method returns."""

    def find(self, intent: str) -> StoredTransaction | None:
        """The transaction of an intent, None if it was never signed."""

    def unfinished(self, sender: str) -> Sequence[StoredTransaction]:
        """All of a sender that are signed or sent, by ascending nonce."""

    def add(self, transaction: StoredTransaction) -> None:
        """Store a new one; Conflict `intent_exists` if its intent is stored already."""

    def replace(self, transaction: StoredTransaction) -> None:
        """Put new bytes under a stored intent whose old bytes failed, or can never be mined."""

    def advance(self, intent: str, state: TransactionState, block_number: int | None) -> None:
        """Record a new state."""


class MemoryTransactionStore:
    """The twin without a disk, for tests: it forgets with the process, and says so."""

    def __init__(self) -> None:
        self._by_intent: dict[str, StoredTransaction] = {}
        log.warning("transactions are kept in memory only: after a crash nothing is known of them")

    def find(self, intent: str) -> StoredTransaction | None:
        """The transaction of an intent, None if it was never signed."""
        return self._by_intent.get(intent)

    def unfinished(self, sender: str) -> Sequence[StoredTransaction]:
        """All of a sender that are signed or sent, by ascending nonce."""
        mine = [one for one in self._by_intent.values() if one.sender == sender and one.state in UNFINISHED]
        return sorted(mine, key=lambda one: one.nonce)

    def add(self, transaction: StoredTransaction) -> None:
        """Store a new one; Conflict `intent_exists` if its intent is stored already."""
        if transaction.intent in self._by_intent:
            raise Conflict(
                "intent_exists", f"{transaction.intent!r} was signed by another process meanwhile: run again"
            )
        self._put(transaction)

    def replace(self, transaction: StoredTransaction) -> None:
        """Put new bytes under a stored intent whose old bytes failed, or can never be mined."""
        self._put(transaction)

    def advance(self, intent: str, state: TransactionState, block_number: int | None) -> None:
        """Record a new state."""
        self._put(replace(self._by_intent[intent], state=state, block_number=block_number))

    def _put(self, transaction: StoredTransaction) -> None:
        self._by_intent[transaction.intent] = transaction


class FileTransactionStore(MemoryTransactionStore):
    """A journal in one JSON file, rewritten atomically at each change, as deployment keeps it.

    For one process at a time.  It holds signed transactions, which become public anyway, and no key.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        entries = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
        self._by_intent = {entry["intent"]: _of_json(entry) for entry in entries}

    def is_mined(self, intent: str) -> bool:
        """Whether an intent took effect."""
        found = self.find(intent)
        return found is not None and found.state is TransactionState.MINED

    def _put(self, transaction: StoredTransaction) -> None:
        super()._put(transaction)
        write_json_atomically(self._path, [_to_json(one) for one in self._by_intent.values()])


def write_json_atomically(path: Path, document: object) -> None:
    """Write JSON so that after a crash the old file or the new one is there, whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    with partial.open("w", encoding="utf-8") as file:
        json.dump(document, file, indent=2, sort_keys=True, ensure_ascii=False)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def _to_json(one: StoredTransaction) -> dict[str, object]:
    return {
        "intent": one.intent,
        "sender": one.sender,
        "nonce": one.nonce,
        "raw": "0x" + one.raw.hex(),
        "tx_hash": one.tx_hash,
        "state": str(one.state),
        "block_number": one.block_number,
    }


def _of_json(entry: dict[str, object]) -> StoredTransaction:
    block = entry["block_number"]
    return StoredTransaction(
        intent=str(entry["intent"]),
        sender=str(entry["sender"]),
        nonce=int(str(entry["nonce"])),
        raw=bytes.fromhex(str(entry["raw"]).removeprefix("0x")),
        tx_hash=str(entry["tx_hash"]),
        state=TransactionState(str(entry["state"])),
        block_number=None if block is None else int(str(block)),
    )
