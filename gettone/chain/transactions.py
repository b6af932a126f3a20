"""Sending transactions so that each intent takes effect once, however often the program is killed.

1. The same intent again finishes the stored bytes; nothing is signed anew while they may be mined.
2. A new one is called statically first, so that a refusal costs nothing and has a name.
3. Intent, then nonce with bytes and hash, are stored before the bytes leave; only a receipt says what came of them.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass

from web3.exceptions import ContractLogicError

from gettone.chain.client import ChainClient, RawReceipt
from gettone.chain.contract import Call, checksum_address
from gettone.chain.outbox.continuity import require_block, require_continuity
from gettone.chain.outbox.pace import Pace
from gettone.chain.outbox.planning import Planned, content_of
from gettone.chain.outbox.run import OutboxRun
from gettone.chain.outbox.signing import Signing
from gettone.chain.reverts import refusal_of
from gettone.chain.signer import Signer
from gettone.chain.store import TransactionStore
from gettone.chain.stored_transaction import IN_FLIGHT, Checkpoint, StoredTransaction, TransactionState
from gettone.errors import CheckFailed, Conflict


@dataclass(frozen=True, slots=True)
class Receipt:
    """A mined, successful transaction; `contract_address` is set for a deployment."""

    tx_hash: str
    block_number: int
    gas_used: int
    contract_address: str | None


class Sender:
    """One key on one network with its outbox; any number of processes may use the same key and database."""

    def __init__(self, client: ChainClient, signer: Signer, store: TransactionStore, pace: Pace | None = None) -> None:
        self.client = client
        self.signer = signer
        self._store = store
        self._pace = pace or Pace()

    @property
    def address(self) -> str:
        """EIP-55 address of the key."""
        return self.signer.address

    def send(self, call: Call, intent: str) -> Receipt:
        """Bring `call` on chain once and return its receipt.

        `intent` names the effect, derived from its content (for example `settle/<proposal hash>/open`).
        Raises ContractRefused or Refused `not_authorized` before anything is signed, Conflict
        `intent_changed` for another call under the same intent, `chain_went_back` for a chain that lost what it
        had, `key_used_elsewhere`; CheckFailed `transaction_failed` for one that was mined without effect; Refused
        `sender_not_allowed` and its like for what somebody must mend; Unreachable `transaction_pending` when the
        chain does not mine.
        """
        return self.send_all([Planned(call, intent)])[0]

    def send_all(self, planned: Iterable[Planned]) -> list[Receipt]:
        """Bring calls on chain once each, in their order, several in flight at once; returns their receipts.

        `planned` is read as the window has room.  Raises as `send`; what was sent before is found by the next run.
        """
        require_continuity(self.client, self._store, self._pace)
        order: list[str] = []
        receipts: dict[str, Receipt] = {}
        for one, row, raw in OutboxRun(self._signing()).finish(_noted(planned, order)):
            receipts[one.intent] = self._receipt(one.call, row, raw)
        return [receipts[intent] for intent in order]

    def settle(self, address: str | None = None) -> None:
        """Bring home everything that is signed by this key, or by the one of `address`, which is not needed for it.

        Nothing new is signed but no-ops for gaps in the nonces of this key.  Raises as `send`.
        """
        require_continuity(self.client, self._store, self._pace)
        OutboxRun(self._signing()).settle(address or self.address)

    def may_be_mined(self, intent: str) -> bool:
        """Whether the bytes of an intent are on their way and their nonce is not used yet."""
        stored = self._store.find(intent)
        if stored is None or stored.state not in IN_FLIGHT:
            return False
        return self.client.nonce(stored.sender) <= stored.signed[0]

    def _signing(self) -> Signing:
        return Signing(self.client, self.signer, self._store, self._pace)

    def _receipt(self, call: Call, row: StoredTransaction, raw: RawReceipt | None) -> Receipt:
        if row.state is TransactionState.FAILED:
            raise self._failure(row, call)
        found = raw or self._found_again(row)
        address = found.get("contractAddress")
        return Receipt(
            row.signed[2],
            int(found["blockNumber"], 16),
            int(found["gasUsed"], 16),
            None if address is None else checksum_address(address),
        )

    def _found_again(self, row: StoredTransaction) -> RawReceipt:
        """The receipt of a row that is final; Conflict `chain_went_back` when the chain has forgotten it."""
        deadline = time.monotonic() + self._pace.patience_s
        while (found := self.client.receipts([row.signed[2]])[0]) is None:
            if time.monotonic() >= deadline:
                if row.block_number is not None and row.block_hash is not None:
                    require_block(self.client, Checkpoint(row.block_number, row.block_hash), self._pace)
                raise Conflict(
                    "chain_went_back",
                    f"{row.intent!r} was mined in block {row.block_number}, which the chain has forgotten: "
                    "the node was restored or the chain started anew; compare it with the others first",
                )
            time.sleep(self._pace.poll_s)
        return found

    def _failure(self, row: StoredTransaction, call: Call) -> CheckFailed:
        block = row.block_number or 0
        try:
            self.client.call(content_of(self.address, call), block)
            reason = "the same call succeeds now, so run the command again"
        except ContractLogicError as cause:
            reason = refusal_of(call.what, cause).message
        return CheckFailed("transaction_failed", f"transaction {row.tx_hash} failed in block {block}: {reason}")


def _noted(planned: Iterable[Planned], order: list[str]) -> Iterable[Planned]:
    """The same, with their intents written down in order."""
    for one in planned:
        order.append(one.intent)
        yield one
