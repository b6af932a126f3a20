"""Whether the outbox says of its transactions what the chain says."""

from collections.abc import Mapping, Sequence
from typing import Any

from gettone.chain.index.rpc import NodeRpc, Question
from gettone.chain.stored_transaction import TransactionState
from gettone.db.repositories.reconciliation_facts import OutboxFacts
from oracle.reconcile.findings import Findings, Kind

UNFINISHED_MS = 3_600_000
# What the receipt of an attempt says by the state of its row; None: it can never be mined.
_STATUS = {
    TransactionState.MINED: "0x1",
    TransactionState.FINAL: "0x1",
    TransactionState.FAILED: "0x0",
    TransactionState.SUPERSEDED: None,
}


def check_receipts(rpc: NodeRpc, rows: Sequence[OutboxFacts], now_ms: int, findings: Findings) -> None:
    """Each attempt that ended has its receipt, in its block, or none; nothing signed waits for longer than an hour.

    An intent that was never signed is none of the chain's: a settlement that still needs it is found unfinished, and
    that of a proposal that was taken back needs nothing more.
    """
    ended = [one for one in rows if one.state in _STATUS and one.tx_hash is not None]
    receipts = rpc.ask_all([Question("eth_getTransactionReceipt", (one.tx_hash,)) for one in ended])
    for row, receipt in zip(ended, receipts, strict=True):
        on_chain = _receipt_words(receipt) if isinstance(receipt, dict) else None
        findings.differ(Kind.RECEIPT, f"receipt of {row.intent}", on_chain, _stated_words(row), _place(row))
    for row in rows:
        if row.tx_hash is not None and row.state not in _STATUS and now_ms - row.created_at > UNFINISHED_MS:
            found = f"{row.state} for {(now_ms - row.created_at) // 60_000} min"
            findings.differ(Kind.TRANSACTION_UNFINISHED, f"state of {row.intent}", "mined", found, _place(row))


def check_known(rpc: NodeRpc, rows: Sequence[OutboxFacts], transactions: Mapping[str, str], findings: Findings) -> None:
    """What the chain holds from a key of this outbox has a row in it; `transactions` are events by hash.

    Chunks may be paid by anybody and settlements opened by other operators: transactions of other keys are theirs.
    """
    senders, known = {one.sender.lower() for one in rows}, {one.tx_hash for one in rows}
    hashes = [one for one in transactions if one not in known]
    for tx_hash, found in zip(hashes, _transactions(rpc, hashes), strict=True):
        sender = found["from"] if isinstance(found, dict) else ""
        if sender.lower() in senders:
            what = f"transaction of {transactions[tx_hash]} sent by {sender}"
            findings.differ(Kind.TRANSACTION_MISSING, what, tx_hash, None, "chain_transactions")


def _transactions(rpc: NodeRpc, hashes: Sequence[str]) -> list[Any]:
    return rpc.ask_all([Question("eth_getTransactionByHash", (one,)) for one in hashes])


def _receipt_words(receipt: Mapping[str, Any]) -> str:
    return f"status {receipt['status']} in block {int(receipt['blockNumber'], 16)} {receipt['blockHash']}"


def _stated_words(row: OutboxFacts) -> str | None:
    status = _STATUS[row.state]
    return None if status is None else f"status {status} in block {row.block_number} {row.block_hash}"


def _place(row: OutboxFacts) -> str:
    return f"chain_transactions, transaction {row.tx_hash}"
