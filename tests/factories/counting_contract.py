"""A contract that counts its calls by their argument, so that a test sees what took effect, and how often."""

from collections.abc import Sequence

from eth_utils.crypto import keccak

from gettone.chain.client import ChainClient
from gettone.chain.contract import Call
from gettone.chain.outbox.pace import Pace
from gettone.chain.outbox.planning import Planned
from gettone.chain.store import MemoryTransactionStore
from gettone.chain.transactions import Sender
from tests.factories.community import throwaway_account

# PUSH0 CALLDATALOAD DUP1 SLOAD PUSH1 1 ADD SWAP1 SSTORE STOP, and the code that returns it.
_RUNTIME = bytes.fromhex("5f358054600101905500")
_CREATION = bytes.fromhex("600a600a5f39600a5ff3") + _RUNTIME
CALL_GAS = 60_000
HASTY = Pace(timeout_s=4, poll_s=0.01, rebroadcast_s=0.05, window=4, patience_s=2)


def deploy_counter(client: ChainClient) -> str:
    """The address of a new counting contract."""
    sender = Sender(client, throwaway_account("deployer of counters"), MemoryTransactionStore())
    address = sender.send(Call("deployment of a counter", None, _CREATION), "counter").contract_address
    assert address is not None
    return address


def slot_of(name: str) -> bytes:
    """The argument that stands for an effect."""
    return keccak(text=name)


def effects(counter: str, names: Sequence[str], *, tried: bool = False) -> list[Planned]:
    """One call for each name, its own intent; `tried` ones are estimated by the node before they are signed."""
    return [
        Planned(Call("Counter.count", counter, slot_of(name)), f"count/{name}", None if tried else CALL_GAS)
        for name in names
    ]


def counts(client: ChainClient, counter: str, names: Sequence[str]) -> list[int]:
    """How often each effect took place."""
    found = (client.w3.eth.get_storage_at(counter, int.from_bytes(slot_of(one), "big")) for one in names)  # type: ignore[arg-type]
    return [int.from_bytes(bytes(one), "big") for one in found]
