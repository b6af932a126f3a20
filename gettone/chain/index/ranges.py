"""One range of blocks with everything that is needed to judge it, read from the node in one request."""

import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, NamedTuple

from gettone.chain.client import LOGS_BLOCK_RANGE
from gettone.chain.index.rpc import NodeRefusal, NodeRpc, Question
from gettone.errors import CheckFailed, Conflict, Unreachable

# A range holds about this many events: more would only cost memory, and be lost when the program ends.
EVENTS_A_RANGE = 20_000
FIRST_SPAN = 16
# Besu: "Requested range exceeds maximum RPC range limit"; others speak of too many results or of their size.
_TOO_MUCH = re.compile(r"range|limit|exceed|too many|too large|more than|response size", re.IGNORECASE)


class Block(NamedTuple):
    """A block by number, its hash as 0x hex and its time [unix s]."""

    number: int
    hash: str
    time_s: int


@dataclass(frozen=True, slots=True)
class ReadRange:
    """Blocks `first` to `last.number` with their logs as the node gave them.

    `blocks` are those that have logs; `supply_units` is the token's total supply after the last block, None where
    the node has forgotten that state.
    """

    first: int
    last: Block
    blocks: tuple[Block, ...]
    logs: Sequence[Mapping[str, Any]]
    supply_units: int | None


class RangeReader:
    """Reads the logs of some contracts range by range, with spans that follow how dense the chain is."""

    def __init__(self, rpc: NodeRpc, addresses: Sequence[str], token: str, supply_call: bytes) -> None:
        """`supply_call` is the calldata that asks the contract `token` for its total supply."""
        self._rpc = rpc
        self._addresses = list(addresses)
        self._supply = {"to": token, "data": "0x" + supply_call.hex()}
        self._span = FIRST_SPAN

    def head(self) -> int:
        """Number of the latest block."""
        return int(self._rpc.ask("eth_blockNumber"), 16)

    def ranges(self, first: int, head: int, previous: tuple[int, bytes] | None) -> Iterator[ReadRange]:
        """All ranges from block `first` to `head`, each read while the one before is worked on; errors as `read`."""
        if first > head:
            return
        with ThreadPoolExecutor(1) as pool:
            reading = pool.submit(self.read, first, head, previous)
            while True:
                found = reading.result()
                if found.last.number < head:
                    known = (found.last.number, bytes.fromhex(found.last.hash[2:]))
                    reading = pool.submit(self.read, found.last.number + 1, head, known)
                yield found
                if found.last.number == head:
                    return

    def read(self, first: int, head: int, previous: tuple[int, bytes] | None) -> ReadRange:
        """The next range from block `first` on, not beyond `head`; `previous` is a block known before, with its hash.

        Raises Conflict `chain_went_back` when the node has another block in the place of the previous one,
        Unreachable `node_behind` when it does not have one of the blocks, CheckFailed `blocks_differ` when logs and
        headers contradict each other.
        """
        while True:
            last = min(first + self._span - 1, head)
            previous_header, last_header, logs, supply = self._rpc.ask_all(
                [
                    Question("eth_getBlockByNumber", (hex(previous[0] if previous else first), False)),
                    Question("eth_getBlockByNumber", (hex(last), False)),
                    Question(
                        "eth_getLogs",
                        ({"address": self._addresses, "fromBlock": hex(first), "toBlock": hex(last)},),
                    ),
                    Question("eth_call", (self._supply, hex(last))),
                ]
            )
            if previous is not None:
                self._require_same(previous, previous_header)
            end = self._block(last, last_header)
            if not self._is_too_much(logs, last - first + 1):
                break
        self._fit_span(len(logs))
        return ReadRange(first, end, self._blocks_of(logs), logs, _supply_of(supply, last, head))

    def require_same(self, number: int, block_hash: bytes) -> None:
        """Conflict `chain_went_back` unless a block still has its hash, Unreachable `node_behind` if it is unknown."""
        self._require_same((number, block_hash), self._rpc.ask("eth_getBlockByNumber", hex(number), False))

    def headers(self, numbers: Sequence[int]) -> list[Block]:
        """Blocks by number; Unreachable `node_behind` for one that the node does not have."""
        found = self._rpc.ask_all([Question("eth_getBlockByNumber", (hex(number), False)) for number in numbers])
        return [self._block(number, header) for number, header in zip(numbers, found, strict=True)]

    def _is_too_much(self, logs: Any, span: int) -> bool:
        """Whether the node refused the span as too long; then the next one is half as long."""
        if not isinstance(logs, NodeRefusal):
            return False
        if span == 1 or not _TOO_MUCH.search(logs.message):
            raise Unreachable("logs_refused", f"the node at {self._rpc.rpc_url} gives no logs: {logs}")
        self._span = span // 2
        return True

    def _fit_span(self, events: int) -> None:
        if events < EVENTS_A_RANGE // 2:
            self._span = min(2 * self._span, LOGS_BLOCK_RANGE)
        elif events > 2 * EVENTS_A_RANGE:
            self._span = max(1, self._span // 2)

    def _block(self, number: int, header: Any) -> Block:
        if not isinstance(header, dict):
            raise Unreachable(
                "node_behind",
                f"the node at {self._rpc.rpc_url} does not know block {number}: it lags behind, or its chain went back",
            )
        return Block(number, str(header["hash"]), int(header["timestamp"], 16))

    def _require_same(self, previous: tuple[int, bytes], header: Any) -> None:
        number, expected = previous
        found = self._block(number, header).hash
        if found != "0x" + expected.hex():
            raise Conflict(
                "chain_went_back",
                f"block {number} was 0x{expected.hex()} when it was indexed, the node at {self._rpc.rpc_url} has "
                f"{found}: its chain went back or was started anew; compare it with the others first",
            )

    def _blocks_of(self, logs: Sequence[Mapping[str, Any]]) -> tuple[Block, ...]:
        hashes: dict[int, str] = {}
        for number, block_hash in {(log["blockNumber"], log["blockHash"]) for log in logs}:
            hashes[int(number, 16)] = str(block_hash)
        blocks = self.headers(sorted(hashes))
        for block in blocks:
            if block.hash != hashes[block.number]:
                raise CheckFailed(
                    "blocks_differ",
                    f"the node at {self._rpc.rpc_url} gives logs of block {block.number} {hashes[block.number]} and "
                    f"the header {block.hash} for it: its answers come from two chains; try again or use another node",
                )
        return tuple(blocks)


def _supply_of(answer: Any, last: int, head: int) -> int | None:
    if not isinstance(answer, NodeRefusal):
        return int(answer, 16)
    if last < head:
        # A node that keeps few states cannot tell an old supply; the sum is judged where it can.
        return None
    raise Unreachable(
        "supply_unknown",
        f"the node does not tell the token's supply after block {last} ({answer}): use one that keeps that state",
    )
