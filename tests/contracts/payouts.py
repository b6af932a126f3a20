"""Payout chunks and their tree in plain Python: SHA-256, RFC 6962, leaf `lecn.pay | u32 chunk | words`.

Written from the specification alone and independent of the notary package, so that a shared error shows.
"""

from collections.abc import Sequence
from hashlib import sha256

EMPTY_ROOT = bytes(32)


def word(wallet, units: int) -> bytes:
    """One payout as `address << 96 | uint96 amount`, 32 bytes."""
    return bytes.fromhex(wallet.address[2:]) + units.to_bytes(12, "big")


def leaf_hash(preimage: bytes) -> bytes:
    """Hash of a leaf (RFC 6962 §2.1): the prefix keeps it apart from every inner node."""
    return sha256(b"\x00" + preimage).digest()


def _node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def _split(size: int) -> int:
    """Largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1


def root_of(hashes: Sequence[bytes]) -> bytes:
    """Root of the tree over leaf hashes; 32 zero bytes for the empty one (notarization specification §1)."""
    if len(hashes) < 2:
        return hashes[0] if hashes else EMPTY_ROOT
    at = _split(len(hashes))
    return _node_hash(root_of(hashes[:at]), root_of(hashes[at:]))


def path_of(hashes: Sequence[bytes], index: int) -> list[bytes]:
    """Sibling hashes from leaf `index` to the root, the lowest first (RFC 6962 §2.1.1)."""
    if len(hashes) < 2:
        return []
    at = _split(len(hashes))
    if index < at:
        return [*path_of(hashes[:at], index), root_of(hashes[at:])]
    return [*path_of(hashes[at:], index - at), root_of(hashes[:at])]


class Payouts:
    """The chunk file of a settlement: `chunks[i]` is a list of (wallet, base units)."""

    def __init__(self, *chunks: Sequence[tuple]) -> None:
        self.chunks = [[word(wallet, units) for wallet, units in chunk] for chunk in chunks]
        self.total = sum(units for chunk in chunks for _, units in chunk)
        self._hashes = [
            leaf_hash(b"lecn.pay" + number.to_bytes(4, "big") + b"".join(words))
            for number, words in enumerate(self.chunks)
        ]
        self.root = root_of(self._hashes)

    def proof(self, chunk: int) -> list[bytes]:
        """Path from the chunk to the root."""
        return path_of(self._hashes, chunk)
