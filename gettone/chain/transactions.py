"""Sending transactions so that each intent takes effect once, however often the program is killed.

1. The same intent again finishes the stored bytes; nothing is signed anew while they may be mined.
2. A new one is called statically first, so that a refusal costs nothing and has a name.
3. Nonce, bytes and hash are stored before the bytes leave; the receipt's status is checked after.
"""

import logging
import time
from dataclasses import dataclass
from typing import Any, cast

import rlp  # type: ignore[import-untyped]  # the package ships no types
from eth_account.signers.local import LocalAccount
from web3.exceptions import ContractLogicError, Web3RPCError
from web3.types import LogReceipt, TxParams, TxReceipt

from gettone.chain.chunks import with_margin
from gettone.chain.client import ChainClient
from gettone.chain.contract import Call
from gettone.chain.keys import require_signing_backend
from gettone.chain.reverts import refusal_of
from gettone.chain.store import UNFINISHED, StoredTransaction, TransactionState, TransactionStore
from gettone.errors import CheckFailed, Conflict, GettoneError, Unreachable

log = logging.getLogger(__name__)

# Anvil, Besu and geth say in these words that they have the bytes already, or that they are mined.
_HAS_IT = ("known transaction", "already known", "already imported")
_NONCE_USED = ("nonce too low",)


@dataclass(frozen=True, slots=True)
class Receipt:
    """A mined, successful transaction; `contract_address` is set for a deployment."""

    tx_hash: str
    block_number: int
    gas_used: int
    contract_address: str | None
    logs: tuple[LogReceipt, ...]


class Sender:
    """One key on one network with its memory; one process at a time uses a key.

    Raises Refused `signing_backend` when signing would run in pure Python.
    """

    def __init__(
        self,
        client: ChainClient,
        account: LocalAccount,
        store: TransactionStore,
        *,
        timeout_s: float = 120,
        poll_s: float = 0.05,
        rebroadcast_s: float = 15,
    ) -> None:
        require_signing_backend()
        self.client = client
        self.account = account
        self._store = store
        self._timeout_s = timeout_s
        self._poll_s = poll_s
        self._rebroadcast_s = rebroadcast_s

    @property
    def address(self) -> str:
        """EIP-55 address of the key."""
        return str(self.account.address)

    def send(self, call: Call, intent: str) -> Receipt:
        """Bring `call` on chain once and return its receipt.

        `intent` names the effect, derived from its content (for example `settle/<proposal hash>/open`).
        Raises ContractRefused or Refused `not_authorized` before anything is signed, Conflict
        `intent_changed` for another call under the same intent, CheckFailed `transaction_failed` for one
        that was mined without effect, Unreachable `transaction_pending` when the chain does not mine.
        """
        stored = self._store.find(intent)
        if stored is not None:
            _require_same(stored, call)
        if stored is None or self._has_no_effect(stored):
            self._finish_others(intent)
            stored = self._sign(call, intent, first=stored is None)
        return self._finish(stored, call)

    def _has_no_effect(self, stored: StoredTransaction) -> bool:
        """Whether the stored bytes failed, or can never be mined because their nonce went to others."""
        if stored.state is TransactionState.FAILED:
            return True
        # Count before receipt: whatever used the nonce is mined then, and ours would show its receipt.
        used = self.client.nonce(stored.sender) > stored.nonce
        if self.client.receipt(stored.tx_hash) is not None:
            return False
        if stored.state is TransactionState.MINED:
            raise Conflict(
                "chain_went_back",
                f"{stored.intent!r} was mined in block {stored.block_number}, which the chain has forgotten: "
                "the node was restored or the chain started anew; compare it with the others first",
            )
        return used

    def _finish_others(self, intent: str) -> None:
        """A key's nonces have no gap only if what was signed before is mined first."""
        for other in self._store.unfinished(self.address):
            if other.intent != intent and not self._has_no_effect(other):
                self._record(other, self._mined(other))

    def _sign(self, call: Call, intent: str, *, first: bool) -> StoredTransaction:
        content = self._content(call)
        try:
            self.client.call(content)
            estimate = self.client.estimate_gas(content)
        except ContractLogicError as cause:
            raise refusal_of(call.what, cause) from None
        gas = min(with_margin(estimate), self.client.block_gas_limit)
        nonce = self.client.nonce(self.address)
        signable = {
            "nonce": nonce,
            "gasPrice": 0,
            "gas": gas,
            "to": call.to or b"",
            "value": 0,
            "data": call.data,
            "chainId": self.client.chain_id,
        }
        signed = self.account.sign_transaction(cast(Any, signable))
        stored = StoredTransaction(
            intent, self.address, nonce, bytes(signed.raw_transaction), "0x" + bytes(signed.hash).hex()
        )
        if first:
            self._store.add(stored)
        else:
            self._store.replace(stored)
        return stored

    def _finish(self, stored: StoredTransaction, call: Call) -> Receipt:
        receipt = self._mined(stored)
        self._record(stored, receipt)
        if receipt["status"] != 1:
            raise self._failure(stored, call, receipt)
        if stored.state in UNFINISHED:
            log.info(
                "mined call=%s intent=%s tx=%s block=%d gas=%d",
                call.what, stored.intent, stored.tx_hash, receipt["blockNumber"], receipt["gasUsed"],
            )  # fmt: skip
        address = receipt.get("contractAddress")
        return Receipt(
            stored.tx_hash,
            int(receipt["blockNumber"]),
            int(receipt["gasUsed"]),
            None if address is None else str(address),
            tuple(receipt["logs"]),
        )

    def _mined(self, stored: StoredTransaction) -> TxReceipt:
        """The receipt of the stored bytes, which are sent again from time to time until they are mined."""
        deadline = time.monotonic() + self._timeout_s
        next_broadcast = time.monotonic()
        while (receipt := self.client.receipt(stored.tx_hash)) is None:
            now = time.monotonic()
            if now >= deadline:
                raise Unreachable(
                    "transaction_pending",
                    f"transaction {stored.tx_hash} of {stored.intent!r} is not mined after "
                    f"{self._timeout_s:g} s: see that the validators run, then run the command again",
                )
            if now >= next_broadcast:
                self._broadcast(stored)
                next_broadcast = now + self._rebroadcast_s
            else:
                time.sleep(self._poll_s)
        return receipt

    def _broadcast(self, stored: StoredTransaction) -> None:
        try:
            self.client.send_raw(stored.raw)
        except Web3RPCError as cause:
            answer = str(cause).lower()
            if not any(words in answer for words in _HAS_IT + _NONCE_USED):
                raise Conflict(
                    "transaction_refused",
                    f"the node refused transaction {stored.tx_hash} of {stored.intent!r}: {cause.message}",
                ) from None
        if stored.state is TransactionState.SIGNED:
            self._store.advance(stored.intent, TransactionState.SENT, None)

    def _record(self, stored: StoredTransaction, receipt: TxReceipt) -> None:
        state = TransactionState.MINED if receipt["status"] == 1 else TransactionState.FAILED
        if stored.state is not state:
            self._store.advance(stored.intent, state, int(receipt["blockNumber"]))

    def _failure(self, stored: StoredTransaction, call: Call, receipt: TxReceipt) -> GettoneError:
        block = int(receipt["blockNumber"])
        try:
            self.client.call(self._content(call), block)
            reason = "the same call succeeds now, so run the command again"
        except ContractLogicError as cause:
            reason = refusal_of(call.what, cause).message
        return CheckFailed("transaction_failed", f"transaction {stored.tx_hash} failed in block {block}: {reason}")

    def _content(self, call: Call) -> TxParams:
        content = {"from": self.address, "data": call.data, "gasPrice": 0, "value": 0}
        return cast(TxParams, content if call.to is None else content | {"to": call.to})


def _require_same(stored: StoredTransaction, call: Call) -> None:
    """The bytes of an intent must be those of this call: an intent never changes its meaning."""
    fields = cast(list[bytes], rlp.decode(stored.raw))
    receiver = bytes.fromhex((call.to or "").removeprefix("0x"))
    if (fields[3], fields[5]) != (receiver, call.data):
        raise Conflict(
            "intent_changed",
            f"{stored.intent!r} was signed with other content in transaction {stored.tx_hash}: "
            f"what {call.what} is asked to do has changed since",
        )
