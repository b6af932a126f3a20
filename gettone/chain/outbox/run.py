"""One run: planned effects are prepared, signed, sent and followed, as many at once as the window has room for."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from gettone.chain.answers import Action, Meaning
from gettone.chain.batches import Answer
from gettone.chain.client import RawReceipt
from gettone.chain.outbox.delivery import Delivery, Place
from gettone.chain.outbox.legacy import noop_row
from gettone.chain.outbox.planning import Planned, checked_gas, next_attempt, require_same
from gettone.chain.outbox.signing import Signing
from gettone.chain.stored_transaction import ENDED, StoredTransaction, TransactionState
from gettone.errors import Conflict, GettoneError, Refused, Unreachable

_FIRST_PAUSE_S = 0.002
EFFECTIVE = (TransactionState.MINED, TransactionState.FINAL)


class OutboxRun:
    """Brings planned effects on chain; made for one run."""

    def __init__(self, signing: Signing) -> None:
        self._signing = signing
        self._store = signing.store
        self._pace = signing.pace
        self._address = signing.signer.address
        self._deliveries: dict[str, Delivery] = {}
        self._followed = {self._address}
        self._waiting: dict[str, Planned] = {}
        self._places: dict[str, StoredTransaction] = {}
        self._signed_here: set[Place] = set()
        self._progress_s = time.monotonic()
        self._failure: Unreachable | None = None

    def finish(self, planned: Iterable[Planned]) -> Iterator[tuple[Planned, StoredTransaction, RawReceipt | None]]:
        """Each effect with its row, FINAL or FAILED, and its receipt where this run saw it, as they come in."""
        source = iter(planned)
        while True:
            self._take(list(islice(source, self._pace.window - len(self._waiting))))
            if not self._waiting:
                return
            self._sign()
            yield from self._ended(self._deliver())
            if self._waiting:
                self._pause()

    def settle(self, address: str) -> None:
        """Follow everything that a key has signed until nothing is left; the own key fills its gaps first."""
        if address == self._address:
            self._patient(lambda: self._signing.sign(()))
        self._followed = {address}
        while self._deliver():
            self._pause()

    def _take(self, planned: list[Planned]) -> None:
        """Prepare new effects, and find out how far those known from before came."""
        known = self._store.find_all([one.intent for one in planned])
        fresh: list[StoredTransaction] = []
        for one in planned:
            stored = known.get(one.intent)
            if stored is not None:
                require_same(stored, one.call)
            if stored is None or stored.state is TransactionState.PREPARED or self._is_dead(stored):
                alone = not fresh and not self._waiting
                gas = checked_gas(self._signing.client, self._address, one, alone=alone, patient=self._patient)
                stored = next_attempt(one, self._address, gas, stored)
                fresh.append(stored)
            self._waiting[one.intent] = one
            self._places[one.intent] = stored
        if fresh:
            self._store.prepare(fresh)
            self._signed_here |= {row.place for row in fresh}

    def _is_dead(self, stored: StoredTransaction) -> bool:
        """Whether an attempt can have no effect any more.  Bytes whose nonce went to a no-op die when that is mined."""
        if stored.state not in ENDED:
            return False
        noop = self._store.find(noop_row(stored.sender, stored.signed[0]).intent)
        while noop is not None and noop.state not in EFFECTIVE and noop.place != stored.place:
            self._deliver()
            self._pause()
            noop = self._store.find(noop.intent)
        return True

    def _sign(self) -> None:
        """Give nonces to what is prepared, in the order of planning."""
        places = [row.place for row in self._places.values() if row.state is TransactionState.PREPARED]
        if places:
            self._patient(lambda: self._signing.sign(places))

    def _deliver(self) -> set[Place]:
        """One round for this key and for those whose rows are waited for; returns what is not finished."""
        senders = self._followed | {row.sender for row in self._places.values() if row.state not in ENDED}
        unfinished: set[Place] = set()
        for sender in sorted(senders):
            delivery = self._delivery(sender)
            try:
                left, moved = delivery.round()
            except Unreachable as failure:
                self._failure = failure
                left, moved = set(self._store.unfinished_states(sender)), False
            else:
                self._failure = None
            if moved:
                self._progress_s = time.monotonic()
            unfinished |= left
            self._heed(delivery)
        return unfinished

    def _heed(self, delivery: Delivery) -> None:
        """Act on an answer that asks for more than time."""
        objection = delivery.objection()
        if objection is None:
            return
        row, answer = objection
        assert answer.meaning is not None  # noqa: S101 - an objection has one
        if answer.meaning.action is Action.NEVER and not row.intent.startswith("noop/") and row.sender == self._address:
            meaning = answer.meaning
            self._patient(lambda: self._signing.give_up(row, meaning))
        raise _refusal(row, answer.meaning, answer, self._signing.client.rpc_url)

    def _ended(self, unfinished: set[Place]) -> list[tuple[Planned, StoredTransaction, RawReceipt | None]]:
        """What is over, in the order of planning; what was superseded starts again."""
        for intent, row in self._places.items():
            if row.state is TransactionState.PREPARED and row.place in unfinished:
                # Signed meanwhile, here or by another process.
                self._places[intent] = replace(row, state=TransactionState.SIGNED)
        open_rows = {intent: row for intent, row in self._places.items() if row.place not in unfinished}
        seen = {intent: self._delivery(row.sender).row(row.place) for intent, row in open_rows.items()}
        found = {intent: row for intent, row in seen.items() if row is not None}
        found |= self._store.find_all([intent for intent in open_rows if intent not in found])
        over = []
        for intent, row in found.items():
            if row.state is TransactionState.FINAL or (row.state is TransactionState.FAILED and self._is_own(row)):
                receipt = self._delivery(row.sender).receipts.get(row.tx_hash or "")
                over.append((self._waiting.pop(intent), row, receipt))
                del self._places[intent]
            elif row.state in ENDED:
                self._take([self._waiting.pop(intent)])
            else:
                self._places[intent] = row
        return over

    def _is_own(self, row: StoredTransaction) -> bool:
        """Whether an attempt was begun in this run; one from before that failed is simply tried again."""
        return row.place in self._signed_here

    def _delivery(self, sender: str) -> Delivery:
        if sender not in self._deliveries:
            self._deliveries[sender] = Delivery(self._signing.client, self._store, sender, self._pace)
        return self._deliveries[sender]

    def _patient(self, question: Callable[[], Any]) -> Any:
        """Ask a node until it answers or the run's time is over."""
        while True:
            try:
                return question()
            except Unreachable as failure:
                self._failure = failure
                self._pause()

    def _pause(self) -> None:
        """Wait a little; Unreachable when nothing came further for too long."""
        idle_s = time.monotonic() - self._progress_s
        if idle_s < self._pace.timeout_s:
            # A local chain mines at once: the first looks come soon, and each wait is as long as all before it.
            time.sleep(min(max(idle_s, _FIRST_PAUSE_S), self._pace.poll_s))
            return
        if self._failure is not None:
            raise self._failure
        waiting = next(iter(self._places.values()), None)
        intent, tx_hash = ("a no-op", "") if waiting is None else (repr(waiting.intent), waiting.tx_hash or "")
        words = self._delivery(self._address).last_words()
        raise Unreachable(
            "transaction_pending",
            f"transaction {tx_hash} of {intent} is not mined after {self._pace.timeout_s:g} s"
            f"{': ' + words if words else ''}: see that the validators run, then run the command again",
        )


_MENDING = {
    "sender_not_allowed": "gettone network allow account {sender}",
    "host_refused": "name a host of its --host-allowlist in GETTONE_RPC_URL",
    "gas_price_refused": "start the nodes with --min-gas-price=0 and a genesis with zeroBaseFee",
    "balance_needed": "start the nodes with --min-gas-price=0 and a genesis with zeroBaseFee",
}


def _refusal(row: StoredTransaction, meaning: Meaning, answer: Answer, rpc_url: str) -> GettoneError:
    said = f"the node at {rpc_url} refuses transaction {row.tx_hash} of {row.intent!r}: {meaning.says} ({answer.words})"
    if meaning.action is Action.MEND:
        return Refused(meaning.code, f"{said}; mend it with: {_MENDING[meaning.code].format(sender=row.sender)}")
    if meaning.action is Action.FOREIGN:
        return Conflict(
            meaning.code,
            f"{said}; another program uses the key {row.sender}: stop it, or restart the node to empty its pool",
        )
    return Conflict(meaning.code, f"{said}; its nonce goes to a no-op, so run the command again")
