"""A node over recorded evidence: answers JSON-RPC as an Ethereum node would, without sockets."""

import json
from dataclasses import dataclass
from typing import Any

from gettone.notary.keccak import selector
from gettone.notary.verify.chain_view import ChainEvidence, ModelVersion, Opening
from gettone.notary.verify.rpc_view import (
    CAPS_SCHEDULED,
    CHUNK_PAID,
    CREDIT_SKIPPED,
    FEE_CHARGED,
    SETTLEMENT_OPENED,
    TRANSFER,
)
from tests.factories.synthetic_people import POLICY

BLOCKS = 1_000


def word(value: int | bytes) -> bytes:
    """One ABI word; addresses are padded on the left."""
    return value.rjust(32, b"\0") if isinstance(value, bytes) else value.to_bytes(32, "big")


def hexed(data: bytes) -> str:
    return "0x" + data.hex()


@dataclass
class RecordedNode:
    """Callable as the transport of `RpcNode`; `max_range` is the longest block range it accepts for logs."""

    evidence: ChainEvidence
    max_range: int = 10**9

    def __call__(self, body: bytes) -> bytes:
        asked = json.loads(body)
        try:
            result = getattr(self, asked["method"])(*asked["params"])
        except ValueError as refusal:
            return json.dumps({"jsonrpc": "2.0", "id": asked["id"], "error": {"message": str(refusal)}}).encode()
        return json.dumps({"jsonrpc": "2.0", "id": asked["id"], "result": result}).encode()

    def eth_chainId(self) -> str:
        return hex(self.evidence.scope.chain_id)

    def eth_blockNumber(self) -> str:
        return hex(BLOCKS)

    def eth_getBlockByNumber(self, number: str, full: bool) -> dict[str, str] | None:
        return {"hash": hexed(self.evidence.scope.genesis_hash)} if number == "0x0" and not full else None

    def eth_getCode(self, address: str, tag: str) -> str:
        return "0x60" if address == hexed(self.evidence.scope.contract) and tag == "latest" else "0x"

    def eth_call(self, call: dict[str, str], tag: str) -> str:
        data, scope = bytes.fromhex(call["data"][2:]), self.evidence.scope
        community = scope.community_id.encode()
        answers = {
            "communityId()": word(32)
            + word(len(community))
            + community.ljust(-len(community) % 32 + len(community), b"\0"),
            "token()": word(scope.token),
            "models()": word(scope.models),
            "lastSettlementHash()": self.evidence.last_settlement_hash,
            "settlement(uint32,uint32)": self._settlement(data[4:]),
            "version(uint32)": self._version(data[4:]),
            "policy()": word(POLICY),
            "assignmentFeesAt(uint64)": self._fees(data[4:]),
        }
        return next(hexed(answer) for name, answer in answers.items() if selector(name) == data[:4])

    def _settlement(self, arguments: bytes) -> bytes:
        if len(arguments) != 64:
            return b""
        key = (int.from_bytes(arguments[:32], "big"), int.from_bytes(arguments[32:], "big"))
        payment = self.evidence.payments[key]
        values = [0] * 5 + [payment.paid_units, payment.skipped_units] + [0] * 4 + [payment.opened_at_s, payment.state]
        return b"".join(word(value) for value in values)

    def _fees(self, arguments: bytes) -> bytes:
        """The fees of the settlement opened at that moment."""
        opened_at_s = int.from_bytes(arguments, "big")
        for payment in self.evidence.payments.values():
            if payment.opened_at_s == opened_at_s:
                return b"".join(word(payment.assignment_fee_bps[class_]) for class_ in (1, 2))
        return b""

    def _version(self, arguments: bytes) -> bytes:
        number = int.from_bytes(arguments, "big") if len(arguments) == 32 else 0
        version = self.evidence.models.get(number)
        return b"".join(word(int(value)) for value in _flat_version(version)) if version else b""

    def eth_getLogs(self, asked: dict[str, Any]) -> list[dict[str, Any]]:
        first, last = int(asked["fromBlock"], 16), int(asked["toBlock"], 16)
        if last - first > self.max_range:
            raise ValueError("block range exceeds the limit")
        topics = asked["topics"]
        return [
            log
            for log in self._ledger_logs()
            if log["topics"][: len(topics)] == topics and first <= int(log["blockNumber"], 16) <= last
        ]

    def eth_getTransactionReceipt(self, transaction: str) -> dict[str, Any]:
        logs = [log for log in self._payment_logs() if log["transactionHash"] == transaction]
        return {"status": "0x1", "logs": logs}

    def _ledger_logs(self) -> list[dict[str, Any]]:
        ledger = hexed(self.evidence.scope.contract)
        caps = [
            self._log(
                ledger,
                [CAPS_SCHEDULED],
                b"".join(map(word, (cap.period_cap_units, cap.member_cap_units, cap.valid_from_s))),
            )
            for cap in self.evidence.caps
        ]
        openings = [self._opened(ledger, opening) for opening in self.evidence.openings]
        return caps + openings + [log for log in self._payment_logs() if log["address"] == ledger]

    def _opened(self, ledger: str, opening: Opening) -> dict[str, Any]:
        topics = [SETTLEMENT_OPENED, *map(word, opening.key), opening.proposal_hash]
        log = self._log(ledger, topics, b"".join(opening.proposal.words()), opening.transaction)
        return log | {"blockNumber": hex(opening.block_number), "blockHash": hexed(opening.block_hash)}

    def _payment_logs(self) -> list[dict[str, Any]]:
        """All chunks in one transaction each; before each chunk an event of the ledger ends what was before."""
        ledger, token, logs = hexed(self.evidence.scope.contract), hexed(self.evidence.scope.token), []
        for key, payment in self.evidence.payments.items():
            for credit in payment.credits:
                kind = [CREDIT_SKIPPED] if credit.is_skipped else [TRANSFER, word(0)]
                data = word(credit.amount_units)
                logs.append(self._log(token, [*kind, word(credit.wallet)], data, credit.transaction))
                if credit.fee_units:
                    values = (credit.amount_units + credit.fee_units, credit.fee_units, 2)
                    topics = [FEE_CHARGED, word(0), word(credit.wallet)]
                    logs.append(self._log(token, topics, b"".join(map(word, values)), credit.transaction))
            for transaction in {credit.transaction for credit in payment.credits}:
                sums = word(payment.paid_units) + word(payment.skipped_units)
                logs.append(self._log(ledger, [CHUNK_PAID, *map(word, key), word(0)], sums, transaction))
        return [log | {"logIndex": hex(at)} for at, log in enumerate(logs)]

    def _log(self, address: str, topics: list[bytes], data: bytes, transaction: bytes = bytes(32)) -> dict[str, Any]:
        return {
            "address": address,
            "topics": [hexed(topic) for topic in topics],
            "data": hexed(data),
            "transactionHash": hexed(transaction),
            "blockNumber": hex(1),
            "blockHash": hexed(bytes(32)),
            "logIndex": hex(0),
        }


def _flat_version(version: ModelVersion) -> list[int]:
    def flat(value: Any) -> list[int]:
        return [one for item in value for one in flat(item)] if isinstance(value, (tuple, list)) else [value]

    return [version.version, version.valid_from_s, version.scheduled_at_s, *flat(version.parameters)]
