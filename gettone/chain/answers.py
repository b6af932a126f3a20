"""What a node's answer to a transaction means, and what follows: one table for Besu, anvil and geth.

No answer proves anything: a pool forgets, replaces and boasts.  An answer only decides what is tried next; whether
a transaction took effect is known from its receipt alone.
"""

from dataclasses import dataclass
from enum import StrEnum
from json import JSONDecodeError
from typing import Any

import requests


class Action(StrEnum):
    """What the outbox does after an answer."""

    WAIT = "wait"  # the node has it: look for the receipt
    LOOK = "look"  # the nonce is spent: the receipt says by whom
    RESEND = "resend"  # not taken now, or nobody knows: the same bytes again, later
    FEWER = "fewer"  # too many ahead: a smaller window, and the same bytes later
    MEND = "mend"  # somebody has to do something first, then the same bytes again
    NEVER = "never"  # these bytes can be mined on no chain of these rules: the nonce is given to a no-op
    FOREIGN = "foreign"  # another program uses this key


@dataclass(frozen=True, slots=True)
class Meaning:
    """One line of the table: by the words of a message (lower case) or its code, what it means and what follows."""

    code: str
    action: Action
    says: str
    words: tuple[str, ...] = ()
    number: int | None = None


TAKEN = Meaning("taken", Action.WAIT, "the node took it")
# From the more particular to the general: the first line that fits is taken.
TABLE = (
    Meaning("block_missing", Action.RESEND, "the node does not have that block yet",
            ("blockoutofrange", "unknown block", "header not found", "block not found"), -39001),
    Meaning("known", Action.WAIT, "the node has these bytes already",
            ("known transaction", "already known", "already imported", "alreadyknown")),
    Meaning("nonce_used", Action.LOOK, "a transaction with this nonce is mined",
            ("nonce too low", "old nonce"), -32001),
    Meaning("nonce_distant", Action.FEWER, "too many transactions of this key wait before it",
            ("too distant from current sender nonce", "nonce too high", "exceeds the max future",
             "account limit exceeded", "in-flight transaction limit"), -32006),
    Meaning("sender_not_allowed", Action.MEND, "the sender is not on the network's list of accounts",
            ("sender account not authorized",), -32007),
    Meaning("foreign_transaction", Action.FOREIGN, "another transaction with this nonce waits at a price",
            ("replacement transaction underpriced", "replacement not allowed")),
    Meaning("transaction_wrong_chain", Action.NEVER, "it is signed for another chain",
            ("wrong chainid", "invalid chain id", "chainid not supported", "invalid sender")),
    Meaning("gas_above_block", Action.NEVER, "it asks for more gas than a block has",
            ("exceeds block gas limit", "exceeds the block gas limit", "greater than the block",
             "intrinsic gas too high")),
    Meaning("gas_above_cap", Action.NEVER, "it asks for more gas than one transaction may",
            ("gas limit cap exceeded", "gas limit too high", "transaction gas limit greater than the cap")),
    Meaning("gas_below_intrinsic", Action.NEVER, "its gas does not even pay for its own bytes",
            ("intrinsic gas exceeds gas limit", "intrinsic gas too low", "gas floor"), -32003),
    Meaning("code_too_large", Action.NEVER, "the contract it creates is too large",
            ("initcode", "init code", "createcontractsizelimit")),
    Meaning("oversized", Action.NEVER, "it is larger than a node takes", ("oversized data", "transaction size")),
    Meaning("evm_error", Action.NEVER, "the network's virtual machine does not know what it runs",
            ("evm error", "invalid opcode", "notactivated")),
    Meaning("malformed", Action.NEVER, "the node cannot read it",
            ("rlp", "failed to decode", "invalid params"), -32602),
    Meaning("gas_price_refused", Action.MEND, "the node wants a gas price",
            ("gas price below", "transaction underpriced", "less than block base fee", "min gas price"), -32009),
    Meaning("balance_needed", Action.MEND, "the node wants a balance for gas",
            ("insufficient funds", "upfront cost exceeds"), -32004),
    Meaning("pool_full", Action.RESEND, "the node's pool is full", ("pool is full", "txpool is full", "pool limit")),
    Meaning("syncing", Action.RESEND, "the node is still synchronising", ("syncing", "initial sync"), -32008),
    Meaning("limit_exceeded", Action.RESEND, "the node refuses so many requests at once",
            ("exceeds max batch size", "rate limit", "too many requests"), -32005),
    Meaning("internal", Action.RESEND, "the node failed inside", ("internal error",), -32603),
)  # fmt: skip
NO_ANSWER = Meaning("no_answer", Action.RESEND, "no answer came, so that nobody knows")
UNREADABLE = Meaning("unreadable", Action.RESEND, "the answer was cut off, so that nobody knows")
HOST_REFUSED = Meaning("host_refused", Action.MEND, "the node answers only to the hosts on its list")
OVERLOADED = Meaning("overloaded", Action.RESEND, "the node, or what stands before it, is overloaded")
UNKNOWN = Meaning("unknown_answer", Action.RESEND, "the node says something that is not in the table")

_OVERLOADED = (408, 425, 429)
_FORBIDDEN = (401, 403)


def meaning_of_error(error: Any) -> Meaning:
    """The meaning of a JSON-RPC error object; words go before the code, which dialects share out differently."""
    if not isinstance(error, dict):
        return UNREADABLE
    message, number = str(error.get("message", "")).lower(), error.get("code")
    by_words = (one for one in TABLE if any(words in message for words in one.words))
    by_number = (one for one in TABLE if one.number is not None and one.number == number)
    return next(by_words, None) or next(by_number, UNKNOWN)


def meaning_of_failure(failure: Exception) -> Meaning:
    """The meaning of a request that failed on the way: nothing is known of what the node did with it."""
    if isinstance(failure, requests.HTTPError) and failure.response is not None:
        status = failure.response.status_code
        if status in _FORBIDDEN:
            return HOST_REFUSED
        return OVERLOADED if status in _OVERLOADED or status >= 500 else UNREADABLE
    if isinstance(failure, (JSONDecodeError, requests.exceptions.JSONDecodeError, UnicodeDecodeError)):
        return UNREADABLE
    return NO_ANSWER
