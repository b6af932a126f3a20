"""Gas: the room above an estimate, and how many payouts one `pay` takes (contracts.md §7).

The figures of `pay` are measured, and a test on the local chain holds the real cost against them.
"""

from collections.abc import Sequence

from eth_utils.crypto import keccak

from gettone.errors import InputError

PAY_BASE_GAS = 170_000
"""Upper bound [gas] of a `pay` without its payouts, path of 32 hashes included (measured without: 145,461)."""
PAY_GAS_PER_PAYOUT = 10_500
"""Upper bound [gas] of one more payout with an assignment fee (measured: 10,374; without a fee 7,173).

A fee may come into force between planning and opening, so a chunk has room for it in any case.
"""
PAYOUT_BYTES = 32
TRANSACTION_BYTES_MAX = 120_000
"""Nodes of the field refuse transactions above 128 KiB in their pools; the rest is room for the frame."""

_PAY_HEAD = ("uint32", "uint32", "uint32", "bytes32[]", "bytes32[]")
_PAY_SELECTOR = bytes(keccak(text=f"pay({','.join(_PAY_HEAD)})")[:4])

# A state that changes between estimate and block may cost a few storage writes more.
_MARGIN_PERCENT = 20
_MARGIN = 20_000


def with_margin(estimate: int) -> int:
    """Gas limit of a transaction whose estimate is known."""
    return estimate * (100 + _MARGIN_PERCENT) // 100 + _MARGIN


def gas_of_chunk(payouts: int) -> int:
    """Gas limit of a `pay` with so many payouts: the upper bounds, so that two chunks of half a block fit into one."""
    return PAY_BASE_GAS + PAY_GAS_PER_PAYOUT * payouts


def pay_calldata(
    period_index: int, revision: int, chunk: int, payouts: Sequence[bytes], proof: Sequence[bytes]
) -> bytes:
    """The content of a `pay`, byte for byte as an ABI encoder makes it, which takes a hundred times as long.

    Words are 32 bytes each; InputError `payout_word` for one that is not.
    """
    if any(len(word) != PAYOUT_BYTES for word in (*payouts, *proof)):
        raise InputError("payout_word", f"chunk {chunk} holds a word that has not {PAYOUT_BYTES} bytes")
    proof_at = (len(_PAY_HEAD) + 1 + len(payouts)) * PAYOUT_BYTES
    head = (period_index, revision, chunk, len(_PAY_HEAD) * PAYOUT_BYTES, proof_at)
    return b"".join((_PAY_SELECTOR, *map(_word, head), _word(len(payouts)), *payouts, _word(len(proof)), *proof))


def _word(number: int) -> bytes:
    return number.to_bytes(PAYOUT_BYTES, "big")


def payouts_per_chunk(block_gas_limit: int, transaction_gas_cap: int | None = None) -> int:
    """Largest number of payouts in a chunk that needs at most half of a block and fits the transaction cap.

    `transaction_gas_cap` is the network's limit for one transaction where it has one (16,777,216 from Osaka
    on); the gas limit with its margin stays below it.  InputError `block_gas_limit` when not even one payout
    fits.
    """
    gas = block_gas_limit // 2
    if transaction_gas_cap is not None:
        gas = min(gas, (transaction_gas_cap - _MARGIN) * 100 // (100 + _MARGIN_PERCENT))
    by_gas = (gas - PAY_BASE_GAS) // PAY_GAS_PER_PAYOUT
    if by_gas < 1:
        raise InputError(
            "block_gas_limit",
            f"a payout needs {PAY_BASE_GAS + PAY_GAS_PER_PAYOUT} gas and a chunk may use {gas} on this "
            "network: raise the block gas limit",
        )
    return min(by_gas, TRANSACTION_BYTES_MAX // PAYOUT_BYTES)
