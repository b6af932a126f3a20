"""The chain of the settlement benchmark: a community whose September is over, with as many wallets as asked for."""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from gettone.chain.client import connect
from gettone.chain.local import CHAIN_ID, LocalChain
from tests.factories.community import (
    CHAIN_START_S,
    POOL_MODEL,
    SEPTEMBER_END_S,
    SEPTEMBER_START_S,
    TestCommunity,
)
from tests.factories.deployed_community import deploy_test_community

# Five blocks for 100,000 payouts.  The local chain forgets a transaction for which a block has room where it has none
# for the one before: after six chunks this limit leaves room for neither a whole chunk nor the smaller last one.
GAS_LIMIT = 190_000_000
WALLETS_PER_REQUEST = 5_000
READS = 200
Amounts = Sequence[tuple[bytes, int]]


@dataclass
class Bench:
    """The chain with its community, the payouts, a folder for databases, and how long it took to make them [s]."""

    community: TestCommunity
    amounts: Amounts
    folder: Path
    made_s: float = 0
    snapshot: Any = None

    def ask(self, method: str, *params: object) -> Any:
        """One call of the local chain's own."""
        return self.many([(method, params)])[0]

    def many(self, calls: Sequence[tuple[str, Sequence[object]]]) -> list[Any]:
        """Several calls in one request, answered in order."""
        body = [
            {"jsonrpc": "2.0", "id": at, "method": name, "params": params} for at, (name, params) in enumerate(calls)
        ]
        request = Request(  # noqa: S310 - own loopback
            self.community.chain.rpc_url, json.dumps(body).encode(), {"content-type": "application/json"}
        )
        with urlopen(request, timeout=120) as answer:  # noqa: S310 - as above
            found = {one["id"]: one for one in json.load(answer)}
        wrong = next((one for one in found.values() if "error" in one), None)
        if wrong is not None:
            raise SystemExit(f"the local chain refused: {wrong['error']}")
        return [found[at]["result"] for at in range(len(calls))]

    def fresh(self) -> None:
        """The chain as it was prepared, mining nothing, with an empty pool."""
        self.ask("evm_setIntervalMining", 0)
        self.ask("anvil_dropAllTransactions")
        if self.snapshot is not None:
            self.ask("evm_revert", self.snapshot)
        self.snapshot = self.ask("evm_snapshot")

    def timed(self, work: Callable[[], None]) -> float:
        """Seconds of `work` while a block comes every second."""
        self.ask("evm_setIntervalMining", 1)
        begun = time.perf_counter()
        work()
        return time.perf_counter() - begun


def prepare(folder: Path, members: int) -> Bench:
    """A community whose September is over, and `members` wallets in its token."""
    begun = time.perf_counter()
    chain = LocalChain.start(folder / "chain", timestamp_s=CHAIN_START_S, gas_limit=GAS_LIMIT)
    caps = {"period_cap_units": str(10**24), "member_cap_units": str(10**20)}
    community = deploy_test_community(chain, connect(chain.rpc_url, CHAIN_ID), folder / "deployments", **caps)
    community.join_members(1)
    community.schedule_model(POOL_MODEL, SEPTEMBER_START_S)
    chain.set_time(SEPTEMBER_END_S + 3600)
    wallets = [sha256(f"wallet {at}".encode()).digest()[:20] for at in range(members)]
    bench = Bench(community, [(wallet, 10**15 + at) for at, wallet in enumerate(wallets)], folder)
    enrol(bench, wallets)
    bench.ask("evm_setAutomine", False)
    bench.made_s = time.perf_counter() - begun
    return bench


def enrol(bench: Bench, wallets: Sequence[bytes]) -> None:
    """Give every wallet the account word of a member who just joined."""
    token = bench.community.contracts.token.contract.address
    joined = bytes.fromhex(bench.community.wallet(0).address[2:])
    found = ((slot, bench.ask("eth_getStorageAt", token, _place(joined, slot), "latest")) for slot in range(40))
    slot, word = next((slot, word) for slot, word in found if int(word, 16))
    for first in range(0, len(wallets), WALLETS_PER_REQUEST):
        part = wallets[first : first + WALLETS_PER_REQUEST]
        bench.many([("anvil_setStorageAt", (token, _place(wallet, slot), word)) for wallet in part])


def _place(wallet: bytes, slot: int) -> str:
    return "0x" + keccak(wallet.rjust(32, b"\0") + slot.to_bytes(32, "big")).hex()


def questions_s(bench: Bench) -> tuple[float, float]:
    """Seconds of asking wallet and account of every member, in batches and, extrapolated, each by itself."""
    contracts = bench.community.contracts
    wallets = [to_checksum_address(wallet) for wallet, _ in bench.amounts]
    names = [sha256(wallet).hexdigest() for wallet, _ in bench.amounts]
    begun = time.perf_counter()
    contracts.members.wallets_of(names)
    contracts.token.accounts_of(wallets)
    batches = time.perf_counter() - begun
    begun = time.perf_counter()
    for name, wallet in zip(names[:READS], wallets[:READS], strict=True):
        contracts.members.wallet_of(name)
        contracts.token.account_of(wallet)
    return batches, (time.perf_counter() - begun) * len(wallets) / READS
