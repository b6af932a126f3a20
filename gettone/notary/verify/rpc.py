"""A node of the chain over JSON-RPC, with the standard library only, and the logs of one contract."""

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from gettone.errors import InputError, Unreachable
from gettone.notary.keccak import selector
from gettone.notary.verify.abi import bytes_of_hex, number_of_hex

TIMEOUT_S = 20
MAX_ANSWER_BYTES = 64 << 20
LOG_WINDOW_BLOCKS = 5_000

Transport = Callable[[bytes], bytes]
"""Posts a JSON body to the node and returns the JSON answer; raises Unreachable."""


@dataclass(frozen=True, slots=True)
class Log:
    """One event: contract, topics, data, place."""

    contract: bytes
    topics: tuple[bytes, ...]
    data: bytes
    transaction: bytes
    block_number: int
    block_hash: bytes
    log_index: int


def http_transport(url: str) -> Transport:
    """A transport to the node at an http or https URL; InputError for another one."""
    if not url.startswith(("http://", "https://")):
        raise InputError("argument", f"the node address {url!r} is not an http or https URL")

    def post(body: bytes) -> bytes:
        request = urllib.request.Request(url, body, {"Content-Type": "application/json"})  # noqa: S310 - http(s) alone, checked above
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310 - as above
                content: bytes = answer.read(MAX_ANSWER_BYTES + 1)
        except (urllib.error.URLError, OSError, ValueError) as cause:
            raise Unreachable("rpc_unreachable", f"the node at {url} does not answer: {cause}") from None
        if len(content) > MAX_ANSWER_BYTES:
            raise Unreachable("rpc_answer", f"the node at {url} answers more than {MAX_ANSWER_BYTES} bytes")
        return content

    return post


class RpcNode:
    """Calls of one node.  Every method raises Unreachable where the node does not answer as it should."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._calls = 0

    def request(self, method: str, *params: Any) -> Any:
        """The result of one JSON-RPC call."""
        self._calls += 1
        body = {"jsonrpc": "2.0", "id": self._calls, "method": method, "params": list(params)}
        try:
            answer = json.loads(self._transport(json.dumps(body).encode()))
        except ValueError:
            raise Unreachable("rpc_answer", f"the node answers {method} with something that is no JSON") from None
        if not isinstance(answer, dict) or "result" not in answer:
            error = answer.get("error") if isinstance(answer, dict) else None
            raise Unreachable("rpc_error", f"the node refuses {method}: {error}")
        return answer["result"]

    def call(self, contract: bytes, signature: str, arguments: bytes = b"") -> bytes:
        """The bytes that a view function of a contract returns."""
        data = "0x" + (selector(signature) + arguments).hex()
        return bytes_of_hex(self.request("eth_call", {"to": "0x" + contract.hex(), "data": data}, "latest"))

    def block(self, number: int) -> dict[str, Any]:
        """A block header by number."""
        block = self.request("eth_getBlockByNumber", hex(number), False)
        if not isinstance(block, dict):
            raise Unreachable("rpc_answer", f"the node has no block {number}")
        return block

    def logs(self, contract: bytes, *topics: bytes) -> list[Log]:
        """All events of a contract with these first topics, in the order of the chain."""
        latest = number_of_hex(self.request("eth_blockNumber"))
        asked = {"address": "0x" + contract.hex(), "topics": ["0x" + topic.hex() for topic in topics]}
        try:
            found = self._window(asked, 0, latest)
        except Unreachable as refusal:
            if refusal.code != "rpc_error":
                raise
            # Nodes may bound the range of one query: ask again in windows they all accept.
            found = [
                log
                for first in range(0, latest + 1, LOG_WINDOW_BLOCKS)
                for log in self._window(asked, first, min(first + LOG_WINDOW_BLOCKS - 1, latest))
            ]
        return sorted(found, key=lambda log: (log.block_number, log.log_index))

    def _window(self, asked: dict[str, Any], first: int, last: int) -> list[Log]:
        result = self.request("eth_getLogs", asked | {"fromBlock": hex(first), "toBlock": hex(last)})
        return list(_logs(result))

    def receipt_logs(self, transaction: bytes) -> list[Log]:
        """The events of one transaction, in order; Unreachable if it is unknown or failed."""
        receipt = self.request("eth_getTransactionReceipt", "0x" + transaction.hex())
        if not isinstance(receipt, dict) or number_of_hex(receipt.get("status")) != 1:
            raise Unreachable("rpc_answer", f"the node has no receipt of success for 0x{transaction.hex()}")
        return sorted(_logs(receipt.get("logs")), key=lambda log: log.log_index)


def _logs(result: Any) -> Iterator[Log]:
    if not isinstance(result, list):
        raise Unreachable("rpc_answer", "the node answers no list of events")
    for log in result:
        if not isinstance(log, dict):
            raise Unreachable("rpc_answer", "the node answers an event that is no object")
        yield Log(
            bytes_of_hex(log.get("address")),
            tuple(bytes_of_hex(topic) for topic in log.get("topics", ())),
            bytes_of_hex(log.get("data")),
            bytes_of_hex(log.get("transactionHash")),
            number_of_hex(log.get("blockNumber")),
            bytes_of_hex(log.get("blockHash")),
            number_of_hex(log.get("logIndex")),
        )
