"""A chain in memory for the sender: it mines at once, counts nonces, and can be told to fail."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, cast

import rlp
from eth_account import Account
from eth_utils.crypto import keccak
from web3.exceptions import ContractCustomError

from gettone.chain.answers import meaning_of_error
from gettone.chain.batches import Answer, NotTakenError
from gettone.chain.client import ChainClient
from gettone.chain.store import MemoryTransactionStore
from gettone.chain.stored_transaction import Checkpoint, StoredTransaction


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
    rpc_url = "http://simulated"
    block_gas_limit = 30_000_000

    def __init__(self) -> None:
        self.mined: list[bytes] = []
        self.by_hash: dict[str, dict[str, Any]] = {}
        self.killer = Killer(None, after=False)
        self.refusal: str | None = None
        self.next_status = 1
        self.broken = False
        self.mining = True

    def as_client(self) -> ChainClient:
        """The chain where a client is due."""
        return cast(ChainClient, self)

    def nonce(self, address: str) -> int:
        return int(self.killer.run(lambda: self._count(address)))

    def nonces(self, address: str) -> tuple[int, int, int]:
        count = self.nonce(address)
        return count, count, len(self.mined)

    def _count(self, address: str) -> int:
        return sum(_sender(raw) == address for raw in self.mined)

    def block_number(self) -> int:
        return int(self.killer.run(lambda: len(self.mined)))

    def block_hash(self, block_number: int) -> bytes | None:
        return self.killer.run(lambda: self._hash(block_number))

    def _hash(self, block_number: int) -> bytes | None:
        """Of all transactions up to the block, so that another history has other hashes."""
        return keccak(b"".join(self.mined[:block_number])) if block_number <= len(self.mined) else None

    def user_of_nonce(self, address: str, nonce: int, from_block: int) -> str | None:
        mine = [raw for raw in self.mined if _sender(raw) == address]
        return self.killer.run(lambda: "0x" + keccak(mine[nonce]).hex() if nonce < len(mine) else None)

    def call(self, transaction: Any, block_identifier: Any = "latest") -> bytes:
        return bytes(self.killer.run(self._called))

    def _called(self) -> bytes:
        if self.refusal is not None:
            raise ContractCustomError(self.refusal, data=self.refusal)
        return b""

    def estimate_gas(self, transaction: Any, block_identifier: Any = "latest") -> int:
        return int(self.killer.run(lambda: 50_000))

    def receipts(self, tx_hashes: Sequence[str]) -> list[Any]:
        return list(self.killer.run(lambda: [self.by_hash.get(one) for one in tx_hashes]))

    def send_raw(self, raw: bytes) -> None:
        self.killer.run(lambda: self._accept(raw))

    def send_raws(self, raws: Sequence[bytes]) -> list[Answer]:
        answers = []
        for raw in raws:
            try:
                self.send_raw(raw)
                answers.append(Answer())
            except NotTakenError as refusal:
                answers.append(refusal.answer)
        return answers

    def _accept(self, raw: bytes) -> None:
        tx_hash = "0x" + keccak(raw).hex()
        if tx_hash in self.by_hash:
            raise NotTakenError(Answer(None, meaning_of_error({"code": -32001, "message": "Nonce too low"})))
        fields = cast(list[bytes], rlp.decode(raw))
        used = len([one for one in self.mined if _sender(one) == _sender(raw)])
        if int.from_bytes(fields[0], "big") < used:
            raise NotTakenError(Answer(None, meaning_of_error({"code": -32001, "message": "Nonce too low"})))
        assert int.from_bytes(fields[0], "big") == used, "a gap in the nonces"
        if not self.mining:
            return
        self.mined.append(raw)
        self.by_hash[tx_hash] = {
            "transactionHash": tx_hash,
            "status": hex(self.next_status),
            "blockNumber": hex(len(self.mined)),
            "blockHash": "0x" + (self._hash(len(self.mined)) or b"").hex(),
            "gasUsed": hex(21_000),
            "contractAddress": None,
        }


class KillableStore(MemoryTransactionStore):
    """A store whose every write counts as a step of the program."""

    def __init__(self, chain: SimulatedChain) -> None:
        super().__init__()
        self._chain = chain

    def _put(self, rows: Iterable[StoredTransaction]) -> None:
        changed = list(rows)
        self._chain.killer.run(lambda: super(KillableStore, self)._put(changed))

    def record_checkpoint(self, checkpoint: Checkpoint) -> None:
        self._chain.killer.run(lambda: super(KillableStore, self).record_checkpoint(checkpoint))


def _sender(raw: bytes) -> str:
    return str(Account.recover_transaction(raw))
