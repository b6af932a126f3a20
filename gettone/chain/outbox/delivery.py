"""Stored bytes on their way: sent, sent again, found in a block or proven dead.

It needs no key, so that whoever is up can bring home what another process, or a key given up, had signed.
"""

import logging
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace

from gettone.chain.answers import Action
from gettone.chain.batches import Answer, NotTakenError
from gettone.chain.client import ChainClient, RawReceipt
from gettone.chain.outbox.pace import Pace
from gettone.chain.store import TransactionStore
from gettone.chain.stored_transaction import IN_FLIGHT, UNFINISHED, Checkpoint, StoredTransaction, TransactionState

log = logging.getLogger(__name__)

Place = tuple[str, int]
_SUCCESS = 1
_SOON_S = 1.0


class Delivery:
    """All rows of one key that are signed, sent or mined, followed until each is final, failed or superseded."""

    def __init__(self, client: ChainClient, store: TransactionStore, address: str, pace: Pace) -> None:
        self._client = client
        self._store = store
        self._address = address
        self._pace = pace
        self._rows: dict[Place, StoredTransaction] = {}
        self._due_s: dict[Place, float] = {}
        self._answers: dict[Place, Answer] = {}
        self.receipts: dict[str, RawReceipt] = {}
        """Receipts seen by this process, by hash."""

    def round(self) -> tuple[set[Place], bool]:
        """Do what is due now; returns the rows that are not finished yet and whether any came further.

        Raises what a client raises: the next round tries again.
        """
        self._load()
        # Receipts before bytes: what another process brought home needs no second way.
        moved = self._look(self._in(TransactionState.SENT))
        now_s = time.monotonic()
        due = [row for row in self._in(*IN_FLIGHT) if now_s >= self._due_s.get(row.place, 0.0)]
        if due:
            self._send(due)
            moved |= self._look(self._in(TransactionState.SENT))
        moved |= self._confirm(self._in(TransactionState.MINED))
        return {row.place for row in self._in(*UNFINISHED)}, moved

    def row(self, place: Place) -> StoredTransaction | None:
        """A row that this process followed in the last round, to its end or not; None for any other."""
        return self._rows.get(place)

    def objection(self) -> tuple[StoredTransaction, Answer] | None:
        """The first row in flight whose last answer asks for more than time; receipts were looked for since."""
        serious = (Action.MEND, Action.NEVER, Action.FOREIGN)
        for row in self._in(*IN_FLIGHT):
            answer = self._answers.get(row.place)
            if answer and answer.meaning and answer.meaning.action in serious:
                return row, answer
        return None

    def last_words(self) -> str:
        """What the node last said of a row in flight, for people; empty when it took all."""
        said = (self._answers[row.place] for row in self._in(*IN_FLIGHT) if row.place in self._answers)
        return next((f"{one.meaning.says} ({one.words})" for one in said if one.meaning), "")

    def _in(self, *states: TransactionState) -> list[StoredTransaction]:
        """The rows in one of the states, by nonce."""
        return sorted((row for row in self._rows.values() if row.state in states), key=lambda row: row.signed[0])

    def _load(self) -> None:
        """How far the rows are, whoever brought them there; their bytes are read once, as they never change."""
        states = self._store.unfinished_states(self._address)
        known = {place: self._rows[place] for place in states if place in self._rows}
        unknown = states.keys() - known.keys()
        if unknown or any(row.state is not states[row.place] for row in known.values()):
            known = {row.place: row for row in self._store.unfinished(self._address)}
        self._rows = known

    def _send(self, due: Sequence[StoredTransaction]) -> None:
        """Send bytes once more.  They count as sent before they leave, since after that nobody knows."""
        leaving = [replace(row, state=TransactionState.SENT) for row in due if row.state is TransactionState.SIGNED]
        self._keep(leaving, (TransactionState.SIGNED,))
        for row in due:
            self._due_s[row.place] = time.monotonic() + self._pace.rebroadcast_s
        for row, answer in zip(due, self._sent([row.signed[1] for row in due]), strict=True):
            self._note(row, answer)

    def _sent(self, raws: list[bytes]) -> list[Answer]:
        if len(raws) > 1:
            return self._client.send_raws(raws)
        try:
            self._client.send_raw(raws[0])
        except NotTakenError as refusal:
            return [refusal.answer]
        return [Answer()]

    def _note(self, row: StoredTransaction, answer: Answer) -> None:
        """Remember what was said; what was not taken is sent again sooner."""
        self._answers[row.place] = answer
        if answer.meaning is None or answer.meaning.action is Action.WAIT:
            return
        again_s = min(self._pace.rebroadcast_s, _SOON_S)
        self._due_s[row.place] = time.monotonic() + again_s
        log.info(
            "not taken meaning=%s intent=%s tx=%s nonce=%d: %s",
            answer.meaning.code, row.intent, row.tx_hash, row.signed[0], answer.words,
        )  # fmt: skip

    def _look(self, flying: Sequence[StoredTransaction]) -> bool:
        """Store what receipts say; a nonce that was used without a receipt of ours is looked into."""
        if not flying:
            return False
        used = self._client.nonce(self._address)
        landed = [row for row in flying if row.signed[0] < used or self._is_spent(row)]
        found = self._client.receipts([row.signed[2] for row in landed])
        ended = [self._by_receipt(row, receipt) for row, receipt in zip(landed, found, strict=True) if receipt]
        missing = [row for row, receipt in zip(landed, found, strict=True) if not receipt and row.signed[0] < used]
        changed = [row for row in ended if row.state not in IN_FLIGHT]
        changed += [row for row in map(self._by_user, missing[:1]) if row is not None]
        self._keep(changed, IN_FLIGHT)
        return bool(changed)

    def _is_spent(self, row: StoredTransaction) -> bool:
        answer = self._answers.get(row.place)
        return answer is not None and answer.meaning is not None and answer.meaning.action is Action.LOOK

    def _by_receipt(self, row: StoredTransaction, receipt: RawReceipt) -> StoredTransaction:
        """The row with its block.  One without effect waits for its confirmations: another block may think again."""
        number = int(receipt["blockNumber"], 16)
        block_hash = bytes.fromhex(receipt["blockHash"].removeprefix("0x"))
        self.receipts[row.signed[2]] = receipt
        if int(receipt["status"], 16) == _SUCCESS:
            log.info(
                "mined intent=%s tx=%s block=%d gas=%d", row.intent, row.tx_hash, number, int(receipt["gasUsed"], 16)
            )
            return replace(row, state=TransactionState.MINED, block_number=number, block_hash=block_hash)
        deep = self._pace.confirmations == 0 or self._client.block_number() >= number + self._pace.confirmations
        state = TransactionState.FAILED if deep else row.state
        return replace(row, state=state, block_number=number, block_hash=block_hash, reason="mined without effect")

    def _by_user(self, row: StoredTransaction) -> StoredTransaction | None:
        """The row as superseded if a block holds another transaction with its nonce.

        An absent receipt proves nothing, as a node that lags has none either; a transaction in a block does.
        """
        nonce, _, tx_hash = row.signed
        user = self._client.user_of_nonce(self._address, nonce, row.head_number)
        if user is None or user == tx_hash:
            return None
        return replace(row, state=TransactionState.SUPERSEDED, reason=f"nonce used by {user}")

    def _confirm(self, mined: Sequence[StoredTransaction]) -> bool:
        """Mined rows become final when their block is deep enough and still the same."""
        if not mined:
            return False
        confirmations = self._pace.confirmations
        if confirmations:
            head = self._client.block_number()
            mined = [row for row in mined if (row.block_number or 0) + confirmations <= head]
            mined = [one for one in map(self._still_there, mined) if one is not None]
        final = [replace(row, state=TransactionState.FINAL) for row in mined if row.state is TransactionState.MINED]
        self._keep([row for row in mined if row.state is not TransactionState.MINED], (TransactionState.MINED,))
        self._keep(final, (TransactionState.MINED,))
        if final:
            last = max(final, key=lambda row: row.block_number or 0)
            self._store.record_checkpoint(Checkpoint(last.block_number or 0, last.block_hash or b""))
        return bool(final)

    def _still_there(self, row: StoredTransaction) -> StoredTransaction | None:
        """The row if its receipt names the same block; back on its way if that block is gone; None while in doubt."""
        (receipt,) = self._client.receipts([row.signed[2]])
        if receipt and receipt["blockHash"] == "0x" + (row.block_hash or b"").hex():
            return row
        if self._client.block_hash(row.block_number or 0) in (None, row.block_hash):
            return None
        return replace(row, state=TransactionState.SENT, block_number=None, block_hash=None)

    def _keep(self, rows: Iterable[StoredTransaction], before: Sequence[TransactionState]) -> None:
        rows = list(rows)
        if rows:
            self._store.advance(rows, before)
            self._rows |= {row.place: row for row in rows}
