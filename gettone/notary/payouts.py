"""What a settlement pays: from entitlement to payout words, chunks, root and proofs (LECN-1 §2)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gettone.errors import InputError
from gettone.notary.leaves import ZERO_ADDRESS
from gettone.notary.tree import inclusion_paths, leaf_hash, root_of_hashes

MAX_PAYOUT_UNITS = (1 << 96) - 1


@dataclass(frozen=True, slots=True)
class Dues:
    """What one member is due in one settlement, all in base units; `carried_*` may be negative."""

    due_units: int
    payout_units: int
    carried_after_units: int


def settle_dues(
    *,
    entitlement_units: int,
    entitlement_before_units: int,
    carried_before_units: int,
    skipped_units: int,
    member_cap_units: int,
    has_wallet: bool,
) -> Dues:
    """`due = E - E before + carried + skipped`; payout is due limited to 0 .. cap, 0 without a wallet."""
    due = entitlement_units - entitlement_before_units + carried_before_units + skipped_units
    limit = min(member_cap_units, MAX_PAYOUT_UNITS) if has_wallet else 0
    payout = max(0, min(due, limit))
    return Dues(due, payout, due - payout)


def assignment_fee(payout_units: int, fee_bps: int) -> int:
    """The assignment fee kept back from a payout, rounded down to the base unit."""
    return payout_units * fee_bps // 10_000


def payout_word(wallet: bytes, amount_units: int) -> bytes:
    """address << 96 | uint96 amount: the 32 bytes that the ledger reads."""
    if len(wallet) != 20 or wallet == ZERO_ADDRESS or not 0 < amount_units <= MAX_PAYOUT_UNITS:
        raise InputError("payout_word", f"{amount_units} units cannot be paid to wallet 0x{wallet.hex()}")
    return wallet + amount_units.to_bytes(12, "big")


def split_word(word: bytes) -> tuple[bytes, int]:
    """Wallet and amount of a payout word."""
    return word[:20], int.from_bytes(word[20:], "big")


@dataclass(frozen=True, slots=True)
class PayoutPlan:
    """The chunks of one settlement, wallets ascending through all of them; one proof a chunk."""

    chunks: tuple[tuple[bytes, ...], ...]
    root: bytes
    proofs: tuple[tuple[bytes, ...], ...]
    total_units: int


def plan_payouts(amounts: Iterable[tuple[bytes, int]], chunk_size: int) -> PayoutPlan:
    """Order, pack and chunk (wallet, units), without zeros; InputError if a wallet comes twice."""
    if chunk_size < 1:
        raise InputError("chunk_size", f"a chunk of {chunk_size} payouts pays nobody: give at least 1")
    words = sorted(payout_word(wallet, amount) for wallet, amount in amounts if amount)
    if len({word[:20] for word in words}) != len(words):
        raise InputError("payout_twice", "a wallet has two payouts in one settlement: add them up before")
    chunks = tuple(tuple(words[at : at + chunk_size]) for at in range(0, len(words), chunk_size))
    hashes = chunk_hashes(chunks)
    proofs = tuple(tuple(path) for path in inclusion_paths(hashes, range(len(hashes))))
    return PayoutPlan(chunks, root_of_hashes(hashes), proofs, sum(split_word(word)[1] for word in words))


def chunk_hashes(chunks: Sequence[Sequence[bytes]]) -> list[bytes]:
    """Leaf hashes of the chunks: "lecn.pay" | u32 chunk | payout words."""
    return [leaf_hash(b"lecn.pay" + at.to_bytes(4, "big") + b"".join(words)) for at, words in enumerate(chunks)]


def payouts_root(chunks: Sequence[Sequence[bytes]]) -> bytes:
    """Root over the chunks in order; 32 zero bytes without chunks."""
    return root_of_hashes(chunk_hashes(chunks))
