"""One connection to one network, checked before anything else is asked of it."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar, cast

from requests.exceptions import RequestException
from web3 import HTTPProvider, Web3
from web3.exceptions import BadResponseFormat, BlockNotFound, TransactionNotFound, Web3Exception, Web3RPCError
from web3.middleware import ExtraDataToPOAMiddleware
from web3.types import BlockIdentifier, FilterParams, LogReceipt, TxParams, TxReceipt

from gettone.chain.answers import UNKNOWN, Action, meaning_of_error
from gettone.chain.batches import Answer, NotTakenError, Question, ask_all, ask_one
from gettone.errors import Conflict, Unreachable

log = logging.getLogger(__name__)

LATEST: BlockIdentifier = "latest"
# Besu refuses a wider range of blocks in one eth_getLogs (--rpc-max-logs-range, default 5,000).
LOGS_BLOCK_RANGE = 5_000

_BLOCKS_PER_BATCH = 100

RawReceipt = dict[str, Any]
"""A receipt as the node's JSON has it: hex texts, logs undecoded."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ChainClient:
    """A connected network: chain id and genesis hash are known and are those that were asked for.

    `genesis_hash` is the 32-byte hash of block 0, `block_gas_limit` that of the block seen at connection.
    """

    w3: Web3
    rpc_url: str
    chain_id: int
    genesis_hash: bytes
    block_gas_limit: int

    def now_s(self) -> int:
        """The chain's clock: unix seconds of the latest block (a local chain may live in another year)."""
        return int(self.ask(lambda: self.w3.eth.get_block(LATEST))["timestamp"])

    def block_number(self) -> int:
        """Number of the latest block."""
        return int(self.ask(lambda: self.w3.eth.block_number))

    def block_timestamp_s(self, block_number: int) -> int:
        """Unix seconds of one block."""
        return int(self.ask(lambda: self.w3.eth.get_block(block_number))["timestamp"])

    def block(self, block_number: int) -> dict[str, Any]:
        """One block's header and transaction hashes, as the node's RPC gives them (web3 types)."""
        return dict(self.ask(lambda: self.w3.eth.get_block(block_number)))

    def code(self, address: str, block_identifier: BlockIdentifier = LATEST) -> bytes:
        """Runtime code at `address`; empty where no contract is."""
        return bytes(self.ask(lambda: self.w3.eth.get_code(cast(Any, address), block_identifier)))

    def nonce(self, address: str) -> int:
        """Number of mined transactions of `address`.

        Never the pending count: Besu's ignores gaps, and a restarted node has forgotten its pool.
        """
        return int(self.ask(lambda: self.w3.eth.get_transaction_count(cast(Any, address), LATEST)))

    def call(self, transaction: TxParams, block_identifier: BlockIdentifier = LATEST) -> bytes:
        """eth_call; a revert escapes as web3's ContractLogicError (see reverts.py)."""
        return bytes(self.ask(lambda: self.w3.eth.call(transaction, block_identifier)))

    def call_many(
        self, to: str, contents: Sequence[bytes], block_identifier: BlockIdentifier = LATEST
    ) -> list[bytes | None]:
        """eth_call of one contract with many contents, in few requests; None for what was not answered or refused."""
        block = hex(block_identifier) if isinstance(block_identifier, int) else block_identifier
        asked: list[Question] = [("eth_call", [{"to": to, "data": "0x" + one.hex()}, block]) for one in contents]
        found = (one.result for one in ask_all(self.w3, asked))
        return [bytes.fromhex(one.removeprefix("0x")) if isinstance(one, str) else None for one in found]

    def estimate_gas(self, transaction: TxParams, block_identifier: BlockIdentifier = LATEST) -> int:
        """eth_estimateGas; a revert escapes as web3's ContractLogicError."""
        return int(self.ask(lambda: self.w3.eth.estimate_gas(transaction, block_identifier)))

    def nonces(self, address: str) -> tuple[int, int, int]:
        """Number of mined transactions of `address`, of those with what waits in the node's pool, and of the head."""
        questions: list[Question] = [("eth_getTransactionCount", [address, tag]) for tag in ("latest", "pending")]
        answers = ask_all(self.w3, [*questions, ("eth_blockNumber", [])])
        mined, pending, head = (int(str(self._result(one)), 16) for one in answers)
        return mined, pending, head

    def receipt(self, tx_hash: str) -> TxReceipt | None:
        """Receipt of a mined transaction with its logs decoded, None while it is not mined."""
        try:
            return self.ask(lambda: self.w3.eth.get_transaction_receipt(cast(Any, tx_hash)))
        except TransactionNotFound:
            return None

    def receipts(self, tx_hashes: Sequence[str]) -> list[RawReceipt | None]:
        """Receipts as the node's own JSON, None for a transaction that is not mined or was not answered for."""
        answers = ask_all(self.w3, [("eth_getTransactionReceipt", [one]) for one in tx_hashes])
        return [
            found.result if isinstance(found.result, dict) and found.result.get("transactionHash") == tx_hash else None
            for tx_hash, found in zip(tx_hashes, answers, strict=True)
        ]

    def block_hash(self, block_number: int) -> bytes | None:
        """Hash of one block, None where the node has no such block."""
        block = self._result(ask_one(self.w3, ("eth_getBlockByNumber", [hex(block_number), False])))
        return None if block is None else bytes.fromhex(str(block["hash"]).removeprefix("0x"))

    def user_of_nonce(self, address: str, nonce: int, from_block: int) -> str | None:
        """Hash of the mined transaction of `address` with that nonce, sought from a block on; None if there is none."""
        numbers = range(from_block, self.block_number() + 1)
        for first in range(0, len(numbers), _BLOCKS_PER_BATCH):
            some = numbers[first : first + _BLOCKS_PER_BATCH]
            for answer in ask_all(self.w3, [("eth_getBlockByNumber", [hex(one), True]) for one in some]):
                for one in (self._result(answer) or {}).get("transactions", ()):
                    if int(one["nonce"], 16) == nonce and str(one["from"]).lower() == address.lower():
                        return str(one["hash"])
        return None

    def send_raw(self, raw: bytes) -> None:
        """eth_sendRawTransaction; NotTakenError with what the node said, or that nobody knows."""
        answer = ask_one(self.w3, ("eth_sendRawTransaction", ["0x" + raw.hex()]))
        if answer.meaning is not None:
            raise NotTakenError(answer)

    def send_raws(self, raws: Sequence[bytes]) -> list[Answer]:
        """Many transactions in few requests; an answer without meaning is one that was taken."""
        return ask_all(self.w3, [("eth_sendRawTransaction", ["0x" + raw.hex()]) for raw in raws])

    def logs(
        self,
        address: str | Sequence[str],
        topics: Sequence[Any],
        from_block: int,
        to_block: int | None = None,
    ) -> list[LogReceipt]:
        """Logs of `from_block` to `to_block` (inclusive, default the head), asked page by page."""
        head = self.block_number()
        last = head if to_block is None else min(to_block, head)
        found: list[LogReceipt] = []
        for first in range(from_block, last + 1, LOGS_BLOCK_RANGE):
            page = {
                "address": address,
                "topics": list(topics),
                "fromBlock": first,
                "toBlock": min(first + LOGS_BLOCK_RANGE - 1, last),
            }
            found += self.ask(partial(self.w3.eth.get_logs, cast(FilterParams, page)))
        return found

    def _result(self, answer: Answer) -> Any:
        if answer.meaning is not None:
            raise Unreachable(
                "chain_unreachable", f"the node at {self.rpc_url} does not answer a question: {answer.meaning.says}"
            )
        return answer.result

    def ask(self, question: Callable[[], T]) -> T:
        """Ask the node one thing; Unreachable if it does not answer."""
        return _answered(question, self.rpc_url)


def connect(rpc_url: str, chain_id: int, *, genesis_hash: bytes | None = None, timeout_s: float = 30) -> ChainClient:
    """Connect to `rpc_url` and check that it is the network meant.

    `chain_id` must be the node's; `genesis_hash` (32 bytes) too where it is given, because private chain ids
    collide.  Raises Unreachable `chain_unreachable`, Conflict `wrong_chain_id` or `wrong_genesis`, each
    with both values.
    """
    w3 = Web3(HTTPProvider(rpc_url, request_kwargs={"timeout": timeout_s}, exception_retry_configuration=None))
    # IBFT 2.0 writes the validators' seals into extraData, longer than the 32 bytes web3 expects.
    w3.middleware_onion.inject(ExtraDataToPOAMiddleware, layer=0)
    # web3 would ask for the chain id again before every call; it is asked once here, and stands in what is signed.
    w3.middleware_onion.remove("validation")
    found_id = int(_answered(lambda: w3.eth.chain_id, rpc_url))
    if found_id != chain_id:
        raise Conflict(
            "wrong_chain_id",
            f"the node at {rpc_url} is on chain {found_id}, this deployment is on chain {chain_id}: "
            "check the RPC address",
        )
    found_genesis = bytes(_answered(lambda: w3.eth.get_block(0), rpc_url)["hash"])
    if genesis_hash is not None and found_genesis != genesis_hash:
        raise Conflict(
            "wrong_genesis",
            f"the node at {rpc_url} has genesis block 0x{found_genesis.hex()}, expected was "
            f"0x{genesis_hash.hex()}: it is another network with the same chain id {chain_id}",
        )
    gas_limit = int(_answered(lambda: w3.eth.get_block(LATEST), rpc_url)["gasLimit"])
    log.info("connected rpc=%s chain_id=%d genesis=0x%s", rpc_url, chain_id, found_genesis.hex())
    return ChainClient(w3, rpc_url, chain_id, found_genesis, gas_limit)


def _answered(question: Callable[[], T], rpc_url: str) -> T:
    try:
        return question()
    except (RequestException, ConnectionError, TimeoutError) as cause:
        raise Unreachable(
            "chain_unreachable",
            f"the node at {rpc_url} does not answer ({type(cause).__name__}): start it or check the address",
        ) from None
    except BlockNotFound as cause:
        raise Unreachable("block_unknown", f"the node at {rpc_url} has no such block: {cause}") from None
    except TransactionNotFound:
        raise
    except (Web3RPCError, BadResponseFormat) as cause:
        meaning = meaning_of_error((getattr(cause, "rpc_response", None) or {}).get("error"))
        if meaning is UNKNOWN or meaning.action is not Action.RESEND:
            raise
        raise Unreachable(
            "chain_unreachable", f"the node at {rpc_url} does not answer a question: {meaning.says} ({cause})"
        ) from None
    except Web3Exception:
        raise
    except ValueError as cause:
        raise Unreachable("chain_unreachable", f"what answers at {rpc_url} is no Ethereum node: {cause}") from None
