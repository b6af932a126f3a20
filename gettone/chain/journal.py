"""The outbox of a deployment: one JSON file beside the deployment file, rewritten atomically at each change."""

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from gettone.chain.store import MemoryTransactionStore
from gettone.chain.stored_transaction import Checkpoint, StoredTransaction, TransactionState
from gettone.errors import InputError

EFFECTIVE = (TransactionState.MINED, TransactionState.FINAL)


class FileTransactionStore(MemoryTransactionStore):
    """A journal for one process at a time.  It holds signed transactions, which become public anyway, and no key."""

    def __init__(self, path: Path) -> None:
        """InputError `journal` for a file that is no journal of this program."""
        super().__init__(forgets=False)
        self._path = path
        if not path.exists():
            return
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
            self._rows = {row.place: row for row in map(_of_json, document["transactions"])}
            self._checkpoint = _checkpoint_of(document["checkpoint"])
        except (ValueError, KeyError, TypeError):
            raise InputError(
                "journal", f"{path} is no journal of this program: it was written by another version or is damaged"
            ) from None

    def is_mined(self, intent: str) -> bool:
        """Whether an intent took effect."""
        found = self.find(intent)
        return found is not None and found.state in EFFECTIVE

    def record_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Store a later final block."""
        super().record_checkpoint(checkpoint)
        self._write()

    def _put(self, rows: Iterable[StoredTransaction]) -> None:
        super()._put(rows)
        self._write()

    def _write(self) -> None:
        at = self._checkpoint
        checkpoint = None if at is None else {"block_number": at.block_number, "block_hash": "0x" + at.block_hash.hex()}
        rows = [_to_json(one) for one in self._rows.values()]
        write_json_atomically(self._path, {"checkpoint": checkpoint, "transactions": rows})


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
        "to": one.to,
        "data": "0x" + one.data.hex(),
        "gas": one.gas,
        "attempt": one.attempt,
        "nonce": one.nonce,
        "raw": _hex(one.raw),
        "tx_hash": one.tx_hash,
        "head_number": one.head_number,
        "state": str(one.state),
        "block_number": one.block_number,
        "block_hash": _hex(one.block_hash),
        "reason": one.reason,
    }


def _of_json(entry: dict[str, Any]) -> StoredTransaction:
    raw, block_hash, data = (_bytes(entry[name]) for name in ("raw", "block_hash", "data"))
    plain = ("intent", "sender", "to", "gas", "attempt", "nonce", "tx_hash", "head_number", "block_number", "reason")
    return StoredTransaction(
        data=data or b"",
        raw=raw,
        block_hash=block_hash,
        state=TransactionState(entry["state"]),
        **{name: entry[name] for name in plain},
    )


def _checkpoint_of(entry: dict[str, Any] | None) -> Checkpoint | None:
    return None if entry is None else Checkpoint(entry["block_number"], _bytes(entry["block_hash"]) or b"")


def _hex(value: bytes | None) -> str | None:
    return None if value is None else "0x" + value.hex()


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else bytes.fromhex(text.removeprefix("0x"))
