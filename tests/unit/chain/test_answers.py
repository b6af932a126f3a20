"""What nodes answer to a transaction, as Besu 26.8.0, anvil and geth say it, and what follows from each."""

from json import JSONDecodeError

import pytest
import requests

from gettone.chain.answers import (
    HOST_REFUSED,
    NO_ANSWER,
    TABLE,
    UNREADABLE,
    Action,
    meaning_of_error,
    meaning_of_failure,
)

pytestmark = pytest.mark.unit

# Observed on a network of four Besu 26.8.0 validators; (code, message, what it must mean).
BESU = [
    (-32000, "Known transaction", "known"),
    (-32001, "Nonce too low", "nonce_used"),
    (-32000, "Transaction nonce is too distant from current sender nonce", "nonce_distant"),
    (-32007, "Sender account not authorized to send transactions", "sender_not_allowed"),
    (-32000, "Replacement transaction underpriced", "foreign_transaction"),
    (-32000, "Wrong chainId", "transaction_wrong_chain"),
    (-32000, "ChainId not supported", "transaction_wrong_chain"),
    (-32005, "Transaction gas limit exceeds block gas limit", "gas_above_block"),
    (-32005, "Transaction gas limit cap exceeded", "gas_above_cap"),
    (-32003, "Intrinsic gas exceeds gas limit", "gas_below_intrinsic"),
    (-32005, "Number of requests exceeds max batch size", "limit_exceeded"),
    (-32602, "Invalid params", "malformed"),
    (-32603, "Internal error", "internal"),
    (-32009, "Gas price below configured minimum gas price", "gas_price_refused"),
    (-32004, "Upfront cost exceeds account balance", "balance_needed"),
    (-32008, "Initial sync is still in progress", "syncing"),
    (-39001, "Unknown block", "block_missing"),
]
ANVIL = [
    (-32003, "transaction already imported", "known"),
    (-32003, "nonce too low", "nonce_used"),
    (-32003, "intrinsic gas too high -- tx.gas_limit > env.block.gas_limit", "gas_above_block"),
    (-32003, "intrinsic gas too low", "gas_below_intrinsic"),
    (-32003, "replacement transaction underpriced", "foreign_transaction"),
    (-32602, "Failed to decode transaction", "malformed"),
    (-32602, "BlockOutOfRangeError: block height is 0 but requested was 50", "block_missing"),
    (-32603, "EVM error NotActivated", "evm_error"),
]
GETH = [
    (-32000, "already known", "known"),
    (-32000, "nonce too low: next nonce 6, tx nonce 5", "nonce_used"),
    (-32000, "exceeds block gas limit", "gas_above_block"),
    (-32000, "txpool is full", "pool_full"),
    (-32000, "transaction underpriced: gas tip cap 0, minimum needed 1", "gas_price_refused"),
    (-32000, "insufficient funds for gas * price + value", "balance_needed"),
    (-32000, "max initcode size exceeded: code size 50000, limit 49152", "code_too_large"),
    (-32000, "oversized data: transaction size 140000, limit 131072", "oversized"),
    (-32000, "header not found", "block_missing"),
]


@pytest.mark.parametrize(("number", "message", "code"), BESU + ANVIL + GETH)
def test_meaning_of_error__words_of_a_node__the_line_of_the_table(number: int, message: str, code: str) -> None:
    assert meaning_of_error({"code": number, "message": message}).code == code


def test_meaning_of_error__words_nobody_knows__sent_again_later() -> None:
    meaning = meaning_of_error({"code": -31999, "message": "the dog ate it"})
    assert (meaning.code, meaning.action) == ("unknown_answer", Action.RESEND)


@pytest.mark.parametrize("error", [None, "text", 7, []])
def test_meaning_of_error__no_error_object__outcome_unknown(error: object) -> None:
    assert meaning_of_error(error) is UNREADABLE


def test_table__codes__are_distinct_and_none_proves_anything() -> None:
    """Whatever a node says, the receipt is looked for: no action ends a transaction by the answer alone."""
    assert len({one.code for one in TABLE}) == len(TABLE)
    assert {one.action for one in TABLE} <= set(Action)


def http_error(status: int) -> requests.HTTPError:
    response = requests.Response()
    response.status_code = status
    return requests.HTTPError(response=response)


@pytest.mark.parametrize(
    ("failure", "code", "action"),
    [
        (http_error(403), "host_refused", Action.MEND),
        (http_error(401), "host_refused", Action.MEND),
        (http_error(429), "overloaded", Action.RESEND),
        (http_error(500), "overloaded", Action.RESEND),
        (http_error(503), "overloaded", Action.RESEND),
        (http_error(400), "unreadable", Action.RESEND),
        (requests.ReadTimeout(), "no_answer", Action.RESEND),
        (requests.ConnectionError(), "no_answer", Action.RESEND),
        (requests.exceptions.ChunkedEncodingError(), "no_answer", Action.RESEND),
        (JSONDecodeError("cut", "{", 1), "unreadable", Action.RESEND),
        (ConnectionResetError(), "no_answer", Action.RESEND),
    ],
)
def test_meaning_of_failure__on_the_way__nothing_is_assumed(failure: Exception, code: str, action: Action) -> None:
    meaning = meaning_of_failure(failure)
    assert (meaning.code, meaning.action) == (code, action)


def test_meanings__of_lost_answers__never_end_a_transaction() -> None:
    assert {one.action for one in (NO_ANSWER, UNREADABLE)} == {Action.RESEND}
    assert HOST_REFUSED.action is Action.MEND
