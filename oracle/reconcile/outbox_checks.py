"""Whether the outbox says of its transactions what the chain says."""

from collections.abc import Mapping, Sequence
from typing import Any

from gettone.chain.index.rpc import NodeRefusal, NodeRpc, Question
from gettone.db.repositories.reconciliation_facts import OutboxFacts
from oracle.reconcile.findings import Findings, Kind

UNFINISHED_MS = 3_600_000
# What is expected in the receipt of a transaction by the state of its row; other states have none yet.
_STATUS = {"mined": "0x1", "final": "0x1", "failed": "0x0"}
_ENDED = ("superseded",)


def check_receipts(rpc: NodeRpc, rows: Sequence[OutboxFacts], now_ms: int, findings: Findings) -> None:
    """Each finished transaction has its receipt, in its block; nothing waits for longer than an hour."""
    finished = [one for one in rows if one.state in _STATUS]
    receipts = rpc.ask_all([Question("eth_getTransactionReceipt", (one.tx_hash,)) for one in finished])
    for row, receipt in zip(finished, receipts, strict=True):
        expected = None if isinstance(receipt, NodeRefusal) or receipt is None else _receipt_words(receipt)
        stated = f"status {_STATUS[row.state]} in block {row.block_number}"
        findings.differ(Kind.RECEIPT, f"receipt of {row.intent}", expected, stated, _place(row))
    for row in rows:
        if row.state not in _STATUS and row.state not in _ENDED and now_ms - row.created_at > UNFINISHED_MS:
            age_min = (now_ms - row.created_at) // 60_000
            found = f"{row.state} for {age_min} min"
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
    return f"status {receipt['status']} in block {int(receipt['blockNumber'], 16)}"


def _place(row: OutboxFacts) -> str:
    return f"chain_transactions, transaction {row.tx_hash}"
