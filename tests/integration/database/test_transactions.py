"""The database as the memory of the transaction sender."""

from dataclasses import replace

import pytest

from gettone.chain.store import StoredTransaction, TransactionState, TransactionStore
from gettone.db.engine import Database
from gettone.db.repositories.transactions import DatabaseTransactionStore
from gettone.errors import Conflict

pytestmark = pytest.mark.database

SENDER = "0x" + "Ab" * 20


def signed(intent: str, nonce: int) -> StoredTransaction:
    return StoredTransaction(intent, SENDER, nonce, bytes([nonce]) * 3, "0x" + f"{nonce:064x}")


def test_store__add_and_advance__comes_back_as_it_went_in(database: Database) -> None:
    store: TransactionStore = DatabaseTransactionStore(database)
    assert store.find("open/1") is None
    store.add(signed("open/1", 4))
    assert store.find("open/1") == signed("open/1", 4)
    store.advance("open/1", TransactionState.MINED, 77)
    assert store.find("open/1") == replace(signed("open/1", 4), state=TransactionState.MINED, block_number=77)


def test_store__unfinished__are_the_senders_own_by_nonce(database: Database) -> None:
    store = DatabaseTransactionStore(database)
    for intent, nonce in (("c", 7), ("a", 5), ("b", 6)):
        store.add(signed(intent, nonce))
    store.advance("a", TransactionState.SENT, None)
    store.advance("b", TransactionState.MINED, 1)
    store.add(replace(signed("other", 5), sender="0x" + "Cd" * 20))
    assert [one.intent for one in store.unfinished(SENDER)] == ["a", "c"]


def test_store__same_intent_or_nonce_again__is_a_conflict(database: Database) -> None:
    store = DatabaseTransactionStore(database)
    store.add(signed("a", 5))
    for other in (signed("a", 6), signed("b", 5)):
        with pytest.raises(Conflict) as refusal:
            store.add(other)
        assert refusal.value.code == "intent_exists"


def test_store__replace__puts_new_bytes_under_the_intent(database: Database) -> None:
    store = DatabaseTransactionStore(database)
    store.add(signed("a", 5))
    store.advance("a", TransactionState.FAILED, 3)
    store.replace(signed("a", 6))
    assert store.find("a") == signed("a", 6)
