"""The journal of transactions survives the program."""

import json
from pathlib import Path

import pytest

from gettone.chain.store import (
    FileTransactionStore,
    MemoryTransactionStore,
    StoredTransaction,
    TransactionState,
    write_json_atomically,
)

pytestmark = pytest.mark.unit

SIGNED = StoredTransaction("deploy/a", "0xA", 4, b"\x01\x02", "0xaa")


def test_file_store__opened_again__knows_bytes_and_state(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "journal.json"
    store = FileTransactionStore(path)
    store.add(SIGNED)
    store.advance("deploy/a", TransactionState.MINED, 7)

    found = FileTransactionStore(path).find("deploy/a")

    assert found == StoredTransaction("deploy/a", "0xA", 4, b"\x01\x02", "0xaa", TransactionState.MINED, 7)
    assert FileTransactionStore(path).is_mined("deploy/a")
    assert not FileTransactionStore(path).is_mined("deploy/b")


def test_unfinished__several_senders_and_states__own_ones_by_ascending_nonce() -> None:
    store = MemoryTransactionStore()
    for intent, sender, nonce in (("c", "0xA", 6), ("a", "0xA", 4), ("x", "0xB", 5), ("b", "0xA", 5)):
        store.add(StoredTransaction(intent, sender, nonce, b"", intent))
    store.advance("b", TransactionState.MINED, 1)
    store.advance("c", TransactionState.SENT, None)
    assert [one.intent for one in store.unfinished("0xA")] == ["a", "c"]


def test_memory_store__made__says_that_it_forgets(caplog: pytest.LogCaptureFixture) -> None:
    MemoryTransactionStore()
    assert "in memory only" in caplog.text


def test_write_json__killed_while_writing__old_file_stays_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file.json"
    write_json_atomically(path, {"old": 1})

    def killed(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("os.fsync", killed)
    with pytest.raises(KeyboardInterrupt):
        write_json_atomically(path, {"new": 2})
    assert json.loads(path.read_text(encoding="utf-8")) == {"old": 1}
