"""Before anything is signed: what a transaction is for, that the contract would take it, and its gas."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from web3.exceptions import ContractLogicError
from web3.types import TxParams

from gettone.chain.chunks import with_margin
from gettone.chain.client import ChainClient
from gettone.chain.contract import Call
from gettone.chain.reverts import refusal_of
from gettone.chain.stored_transaction import ENDED, StoredTransaction, TransactionState
from gettone.errors import Conflict, InputError


@dataclass(frozen=True, slots=True)
class Planned:
    """One effect to bring on chain: the call, the intent that names it, and its gas limit where it is known.

    `gas` is given for a call that rests on others before it in the same run, which the chain cannot try yet.
    """

    call: Call
    intent: str
    gas: int | None = None


Patient = Callable[[Callable[[], Any]], Any]
"""Asks a node again until it answers or the run ends."""


def checked_gas(client: ChainClient, sender: str, planned: Planned, *, alone: bool, patient: Patient) -> int:
    """Gas limit of a call after it was tried on the latest block.

    A call with its own gas is tried only when nothing is in flight before it (`alone`).  Raises ContractRefused or
    Refused `not_authorized` for what the contract refuses, InputError `gas_above_block` for what no block holds.
    """
    if planned.gas is not None and not alone:
        return _within_block(client, planned, planned.gas)
    content = content_of(sender, planned.call)
    # The same numbered block for both, so that a node that lags says so instead of answering of the past.
    head = patient(client.block_number)
    try:
        patient(lambda: client.call(content, head))
        if planned.gas is not None:
            return _within_block(client, planned, planned.gas)
        estimate = int(patient(lambda: client.estimate_gas(content, head)))
    except ContractLogicError as cause:
        raise refusal_of(planned.call.what, cause) from None
    _within_block(client, planned, estimate)
    return min(with_margin(estimate), client.block_gas_limit)


_UNBOUND = (TransactionState.PREPARED, TransactionState.FAILED)


def content_of(sender: str, call: Call) -> TxParams:
    """A call as a node tries it."""
    content = {"from": sender, "data": call.data, "gasPrice": 0, "value": 0}
    return cast(TxParams, content if call.to is None else content | {"to": call.to})


def next_attempt(planned: Planned, sender: str, gas: int, stored: StoredTransaction | None) -> StoredTransaction:
    """The row to prepare: the first attempt, the one after an attempt that ended, or the one not signed yet."""
    attempt = 1 if stored is None else stored.attempt + (stored.state in ENDED)
    return StoredTransaction(planned.intent, sender, planned.call.to, planned.call.data, gas, attempt)


def require_same(stored: StoredTransaction, call: Call) -> None:
    """Conflict `intent_changed`: while its bytes may be mined, or were, an intent never changes its meaning.

    Bytes that were mined without effect bind nobody: an opening may need other signatures then.
    """
    if stored.state not in _UNBOUND and (stored.to, stored.data) != (call.to, call.data):
        raise Conflict(
            "intent_changed",
            f"{stored.intent!r} was signed with other content in transaction {stored.tx_hash}: "
            f"what {call.what} is asked to do has changed since",
        )


def _within_block(client: ChainClient, planned: Planned, gas: int) -> int:
    if gas > client.block_gas_limit:
        raise InputError(
            "gas_above_block",
            f"{planned.call.what} needs {gas} gas and a block of this network has {client.block_gas_limit}: "
            "raise the block gas limit, or make the settlement's chunks smaller",
        )
    return gas
