"""A local chain with thousands of token transfers in every block, made in seconds.

The node lends out the keys of the contracts that may credit and set accounts, so nothing has to be signed.
"""

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

from eth_abi.abi import encode
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from gettone.chain.contract import Call, Contract
from gettone.chain.index.rpc import NodeRefusal, NodeRpc, Question
from gettone.notary.payouts import payout_word
from tests.factories.community import TestCommunity

GAS = 4_800_000
# Class and status of an active citizen; no wallet before the first, no cap, no fees.
_SET_ACCOUNT = ("address", "uint8", "uint8")
_CREDIT_BATCH = ("bytes32[]", "address", "uint96", "uint16", "uint16")
_ACTIVE_CITIZEN = (1, 1)
_NO_LIMITS = ("0x" + "00" * 20, 2**96 - 1, 0, 0)


def wallets_of(count: int) -> list[str]:
    """Addresses nobody has a key for, ascending."""
    return [to_checksum_address(one) for one in sorted(keccak(text=f"wallet {n}")[12:] for n in range(count))]


def fill_densely(community: TestCommunity, *, wallets: int, events: int, batch: int = 500, per_block: int = 6) -> None:
    """Make `wallets` active citizens, and credit them in batches until there are `events` transfers."""
    rpc = NodeRpc(community.client.rpc_url)
    token, registry = community.contracts.token.contract, community.contracts.members.contract.address
    holders = wallets_of(wallets)
    rpc.ask("evm_setAutomine", False)
    joins = [_call(token, "setAccount", _SET_ACCOUNT, holder, *_ACTIVE_CITIZEN) for holder in holders]
    _mine(rpc, registry, joins, 200, gas=100_000)
    payouts = [
        _call(token, "creditBatch", _CREDIT_BATCH, _words(part, 10**12 + n), *_NO_LIMITS)
        for n, part in enumerate(_parts(holders, batch, events))
    ]
    _mine(rpc, community.contracts.ledger.address, payouts, per_block, gas=GAS)
    rpc.ask("evm_setAutomine", True)


def _call(contract: Contract, function: str, types: Sequence[str], *arguments: Any) -> Call:
    """A call, encoded without the classes of web3, which take a thousand times as long."""
    selector = keccak(text=f"{function}({','.join(types)})")[:4]
    return Call(function, contract.address, selector + encode(types, arguments))


def _words(wallets: Sequence[str], units: int) -> list[bytes]:
    return [payout_word(bytes.fromhex(one[2:]), units) for one in wallets]


def _parts(holders: Sequence[str], batch: int, events: int) -> Iterator[Sequence[str]]:
    """Batches of holders, ascending in each, again and again until there are enough."""
    left = events
    for first in itertools.cycle(range(0, len(holders), batch)):
        if left <= 0:
            return
        part = holders[first : first + min(batch, left)]
        left -= len(part)
        yield part


def _mine(rpc: NodeRpc, sender: str, calls: Sequence[Call], per_block: int, *, gas: int) -> None:
    """Bring calls on chain in their order, as if the contract `sender` made them."""
    rpc.ask("anvil_impersonateAccount", sender)
    nonce = int(rpc.ask("eth_getTransactionCount", sender, "latest"), 16)
    for first in range(0, len(calls), per_block):
        sent = rpc.ask_all(
            [
                Question("eth_sendTransaction", (_transaction(sender, nonce + at, calls[at], gas),))
                for at in range(first, min(first + per_block, len(calls)))
            ]
        )
        refused = [str(one) for one in sent if isinstance(one, NodeRefusal)]
        assert not refused, refused[0]
        rpc.ask("evm_mine")
        receipts = rpc.ask_all([Question("eth_getTransactionReceipt", (one,)) for one in sent])
        assert all(one["status"] == "0x1" for one in receipts), receipts
    rpc.ask("anvil_stopImpersonatingAccount", sender)


def _transaction(sender: str, nonce: int, call: Call, gas: int) -> dict[str, str]:
    content = {"from": sender, "to": str(call.to), "data": "0x" + call.data.hex(), "nonce": hex(nonce)}
    return content | {"gas": hex(gas), "gasPrice": "0x0"}
