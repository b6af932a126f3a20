"""The database as the memory of the transaction outbox."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
import rlp
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from gettone.chain.store import TransactionStore
from gettone.chain.stored_transaction import IN_FLIGHT, Checkpoint, StoredTransaction, TransactionState
from gettone.db import schema
from gettone.db.engine import Database
from gettone.db.repositories.transactions import DatabaseTransactionStore

pytestmark = pytest.mark.database

CHAIN = b"\x01" * 32
SENDER = "0x" + "Ab" * 20
BLOCK = {"state": TransactionState.MINED, "block_number": 77, "block_hash": b"\x77" * 32}


def prepared(intent: str, sender: str = SENDER) -> StoredTransaction:
    return StoredTransaction(intent, sender, "0x" + "11" * 20, b"\x01\x02", 50_000)


def signed(row: StoredTransaction, nonce: int) -> StoredTransaction:
    tx_hash = "0x" + f"{nonce:064x}"
    state = TransactionState.SIGNED
    return replace(row, nonce=nonce, raw=bytes([nonce]) * 3, tx_hash=tx_hash, head_number=5, state=state)


def sign(store: TransactionStore, *rows: StoredTransaction) -> None:
    store.prepare([replace(row, nonce=None, raw=None, tx_hash=None, state=TransactionState.PREPARED) for row in rows])
    with store.key_lock(rows[0].sender) as key:
        key.sign(rows)


def intents(rows: Iterable[StoredTransaction]) -> list[str]:
    return [row.intent for row in rows]


def test_store__each_step__comes_back_as_it_went_in(database: Database) -> None:
    store: TransactionStore = DatabaseTransactionStore(database, CHAIN)
    assert store.find("open/1") is None
    store.prepare([prepared("open/1")])
    assert store.find("open/1") == prepared("open/1")
    row = signed(prepared("open/1"), 4)
    sign(store, row)
    assert store.find("open/1") == replace(row, head_number=5)
    mined = replace(row, **BLOCK)
    store.advance([mined], IN_FLIGHT)
    assert store.find("open/1") == mined


def test_store__unfinished__are_the_senders_own_by_nonce(database: Database) -> None:
    store = DatabaseTransactionStore(database, CHAIN)
    rows = {intent: signed(prepared(intent), nonce) for intent, nonce in (("c", 7), ("a", 5), ("b", 6), ("d", 8))}
    sign(store, *rows.values())
    sign(store, signed(prepared("other", "0x" + "Cd" * 20), 5))
    store.prepare([prepared("waits for a nonce")])
    store.advance([replace(rows["b"], **BLOCK | {"state": TransactionState.FINAL})], IN_FLIGHT)
    store.advance([replace(rows["d"], **BLOCK)], IN_FLIGHT)
    assert intents(store.unfinished(SENDER)) == ["a", "c", "d"]
    assert store.unfinished_states(SENDER) == {
        ("a", 1): TransactionState.SIGNED,
        ("c", 1): TransactionState.SIGNED,
        ("d", 1): TransactionState.MINED,
    }


def test_store__same_nonce_twice__refused_by_the_database(database: Database) -> None:
    store = DatabaseTransactionStore(database, CHAIN)
    sign(store, signed(prepared("a"), 5))
    with pytest.raises(IntegrityError):
        sign(store, signed(prepared("b"), 5))
    found = store.find("b")
    assert found is not None
    assert found.nonce is None


def test_store__same_nonce_on_another_chain_or_of_another_key__is_taken(database: Database) -> None:
    sign(DatabaseTransactionStore(database, CHAIN), signed(prepared("a"), 5))
    sign(DatabaseTransactionStore(database, b"\x02" * 32), signed(prepared("a"), 5))
    sign(DatabaseTransactionStore(database, CHAIN), signed(prepared("b", "0x" + "Cd" * 20), 5))
    with database.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM chain_transactions WHERE nonce = 5")).scalar() == 3


def test_key_rows__nonce_of_a_superseded_row__may_be_given_to_a_no_op(database: Database) -> None:
    store = DatabaseTransactionStore(database, CHAIN)
    row = signed(prepared("a"), 5)
    sign(store, row)
    with store.key_lock(SENDER) as key:
        assert key.end(replace(row, state=TransactionState.SUPERSEDED, reason="oversized"))
        key.add(signed(replace(prepared("noop"), data=b""), 5))
    with store.key_lock(SENDER) as key:
        assert not key.end(replace(row, state=TransactionState.SUPERSEDED))
        assert (key.highest_nonce(), key.nonces_from(0), key.in_flight()) == (5, {5}, 1)
    assert intents(store.unfinished(SENDER)) == ["noop"]


def test_prepare__row_not_signed_yet__takes_the_new_content_and_key(database: Database) -> None:
    store = DatabaseTransactionStore(database, CHAIN)
    store.prepare([prepared("a")])
    later = replace(prepared("a", "0x" + "Cd" * 20), data=b"\x03")
    store.prepare([later])
    assert store.find("a") == later
    sign(store, signed(later, 5))
    store.prepare([prepared("a")])
    assert store.find("a") == signed(later, 5)


def test_advance__row_that_another_process_brought_further__stays(database: Database) -> None:
    store = DatabaseTransactionStore(database, CHAIN)
    row = signed(prepared("a"), 5)
    sign(store, row)
    other = signed(prepared("b"), 6)
    sign(store, other)
    store.advance([replace(row, **BLOCK)], IN_FLIGHT)
    late = [replace(one, state=TransactionState.SENT) for one in (row, other)]
    store.advance(late, IN_FLIGHT)
    assert store.find_all(["a", "b"]) == {"a": replace(row, **BLOCK), "b": late[1]}


def test_checkpoint__earlier_block__changes_nothing(database: Database) -> None:
    store = DatabaseTransactionStore(database, CHAIN)
    assert store.checkpoint() is None
    for number in (5, 9, 7):
        store.record_checkpoint(Checkpoint(number, bytes([number]) * 32))
    assert store.checkpoint() == Checkpoint(9, b"\x09" * 32)
    assert DatabaseTransactionStore(database, b"\x02" * 32).checkpoint() is None


def test_migration__transaction_signed_by_an_earlier_program__goes_on_with_its_content(empty_database_url: str) -> None:
    schema.upgrade(empty_database_url, "0028")
    raw = rlp.encode([5, 0, 50_000, bytes.fromhex("11" * 20), 0, b"\x01\x02", 3997, 1, 1])
    values: dict[str, Any] = {"sender": SENDER, "raw": raw, "tx_hash": b"\x05" * 32}
    insert = text(
        "INSERT INTO chain_transactions (id, sender, intent, nonce, raw, tx_hash, state, created_at) "
        "VALUES (1, :sender, 'open/1', 5, :raw, :tx_hash, 'sent', 1)"
    )
    before = Database(empty_database_url)
    with before.write() as connection:
        connection.execute(insert, values)
    before.close()
    schema.upgrade(empty_database_url)
    opened = Database(empty_database_url)
    store = DatabaseTransactionStore(opened, CHAIN)
    store.record_checkpoint(Checkpoint(1, b"\x01" * 32))
    found = store.find("open/1")
    opened.close()
    assert found == replace(prepared("open/1"), nonce=5, raw=raw, tx_hash="0x" + "05" * 32, state=TransactionState.SENT)
