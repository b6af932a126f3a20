"""A chain in memory for the sender: it mines at once, counts nonces, and can be told to fail."""

from collections.abc import Callable
from typing import Any, cast

import rlp
from eth_account import Account
from eth_utils.crypto import keccak
from web3.exceptions import ContractCustomError, Web3RPCError

from gettone.chain.client import ChainClient
from gettone.chain.store import MemoryTransactionStore, StoredTransaction


class Killed(BaseException):
    """The program is killed: nothing after it runs, whatever is caught below."""


class Killer:
    """Counts the steps of a program and kills it at one of them, before the step or right after it."""

    def __init__(self, at: int | None, *, after: bool) -> None:
        self.at = at
        self.after = after
        self.steps = 0

    def run(self, step: Callable[[], Any]) -> Any:
        self.steps += 1
        doomed = self.steps == self.at
        if doomed and not self.after:
            raise Killed
        result = step()
        if doomed:
            raise Killed
        return result


class SimulatedChain:
    """What a Sender asks of a ChainClient, over a dictionary; state outlives the senders."""

    chain_id = 1981
    block_gas_limit = 30_000_000

    def __init__(self) -> None:
        self.mined: list[bytes] = []
        self.receipts: dict[str, dict[str, Any]] = {}
        self.killer = Killer(None, after=False)
        self.refusal: str | None = None
        self.next_status = 1
        self.broken = False
        self.mining = True

    def as_client(self) -> ChainClient:
        """The chain where a client is due."""
        return cast(ChainClient, self)

    def nonce(self, address: str) -> int:
        return int(self.killer.run(lambda: len([raw for raw in self.mined if _sender(raw) == address])))

    def call(self, transaction: Any, block_identifier: Any = "latest") -> bytes:
        return bytes(self.killer.run(self._called))

    def _called(self) -> bytes:
        if self.refusal is not None:
            raise ContractCustomError(self.refusal, data=self.refusal)
        return b""

    def estimate_gas(self, transaction: Any) -> int:
        return int(self.killer.run(lambda: 50_000))

    def receipt(self, tx_hash: str) -> Any:
        return self.killer.run(lambda: self.receipts.get(tx_hash))

    def send_raw(self, raw: bytes) -> None:
        self.killer.run(lambda: self._accept(raw))

    def _accept(self, raw: bytes) -> None:
        tx_hash = "0x" + keccak(raw).hex()
        if tx_hash in self.receipts:
            raise Web3RPCError("Nonce too low")
        fields = cast(list[bytes], rlp.decode(raw))
        used = len([one for one in self.mined if _sender(one) == _sender(raw)])
        if int.from_bytes(fields[0], "big") < used:
            raise Web3RPCError("Nonce too low")
        assert int.from_bytes(fields[0], "big") == used, "a gap in the nonces"
        if not self.mining:
            return
        self.mined.append(raw)
        self.receipts[tx_hash] = {
            "status": self.next_status,
            "blockNumber": len(self.mined),
            "gasUsed": 21_000,
            "contractAddress": None,
            "logs": [],
        }


class KillableStore(MemoryTransactionStore):
    """A store whose every write counts as a step of the program."""

    def __init__(self, chain: SimulatedChain) -> None:
        super().__init__()
        self._chain = chain

    def _put(self, transaction: StoredTransaction) -> None:
        self._chain.killer.run(lambda: super(KillableStore, self)._put(transaction))


def _sender(raw: bytes) -> str:
    return str(Account.recover_transaction(raw))
