"""The journal of transactions survives the program."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from gettone.chain.journal import FileTransactionStore, write_json_atomically
from gettone.chain.store import MemoryTransactionStore
from gettone.chain.stored_transaction import IN_FLIGHT, Checkpoint, StoredTransaction, TransactionState
from gettone.errors import InputError

pytestmark = pytest.mark.unit

SENDER = "0x" + "Ab" * 20
PREPARED = StoredTransaction("deploy/a", SENDER, None, b"\x01", 50_000)
SIGNED = replace(PREPARED, nonce=4, raw=b"\x01\x02", tx_hash="0xaa", head_number=3, state=TransactionState.SIGNED)
MINED = replace(SIGNED, state=TransactionState.MINED, block_number=7, block_hash=b"\x07" * 32)


def test_file_store__opened_again__knows_bytes_state_and_checkpoint(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "journal.json"
    store = FileTransactionStore(path)
    store.prepare([PREPARED])
    with store.key_lock(SENDER) as key:
        key.sign([SIGNED])
    store.advance([MINED], IN_FLIGHT)
    store.record_checkpoint(Checkpoint(7, b"\x07" * 32))

    opened = FileTransactionStore(path)

    assert opened.find("deploy/a") == MINED
    assert opened.checkpoint() == Checkpoint(7, b"\x07" * 32)
    assert opened.is_mined("deploy/a")
    assert not opened.is_mined("deploy/b")


@pytest.mark.parametrize("text", ["[]", "{}", "no json", '{"transactions": [{}], "checkpoint": null}'])
def test_file_store__file_that_is_no_journal__refused_by_name(tmp_path: Path, text: str) -> None:
    path = tmp_path / "journal.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as refusal:
        FileTransactionStore(path)
    assert refusal.value.code == "journal"
    assert str(path) in refusal.value.message


def test_key_lock__left_with_an_exception__changes_nothing() -> None:
    store = MemoryTransactionStore()
    store.prepare([PREPARED])

    def killed() -> None:
        with store.key_lock(SENDER) as key:
            key.sign([SIGNED])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        killed()
    assert store.find("deploy/a") == PREPARED


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
