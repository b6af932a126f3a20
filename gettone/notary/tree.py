"""The Merkle tree of RFC 6962 §2.1 over SHA-256: positions kept, odd nodes promoted, empty root all zero.

A tree is given by its leaf hashes in order.  Paths run from the leaf's sibling up to the root's child.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256

EMPTY_ROOT = bytes(32)


def leaf_hash(preimage: bytes) -> bytes:
    """SHA-256 of 0x00 and the leaf preimage."""
    return sha256(b"\x00" + preimage).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256 of 0x01 and the two 32-byte children."""
    return sha256(b"\x01" + left + right).digest()


def merkle_root(preimages: Iterable[bytes]) -> bytes:
    """MTH over leaf preimages; 32 zero bytes without leaves (LECN-1 §1)."""
    return root_of_hashes([leaf_hash(preimage) for preimage in preimages])


def root_of_hashes(hashes: Sequence[bytes]) -> bytes:
    """MTH over leaf hashes; 32 zero bytes without leaves."""
    if not hashes:
        return EMPTY_ROOT
    level: Sequence[bytes] = hashes
    while len(level) > 1:
        level = _parents(level)
    return level[0]


def _parents(level: Sequence[bytes]) -> list[bytes]:
    hash_, prefix = sha256, b"\x01"
    pairs = iter(level)
    parents = [hash_(prefix + left + right).digest() for left, right in zip(pairs, pairs, strict=False)]
    if len(level) % 2:
        parents.append(level[-1])
    return parents


def inclusion_path(hashes: Sequence[bytes], index: int) -> list[bytes]:
    """The path of leaf `index` in the tree over `hashes`, leaf end first; IndexError outside the tree."""
    return inclusion_paths(hashes, [index])[0]


def inclusion_paths(hashes: Sequence[bytes], indexes: Iterable[int]) -> list[list[bytes]]:
    """The paths of several leaves; the levels of the tree are built once."""
    levels = [list(hashes)]
    while len(levels[-1]) > 1:
        levels.append(_parents(levels[-1]))
    return [_path_in(levels, index) for index in indexes]


def _path_in(levels: list[list[bytes]], index: int) -> list[bytes]:
    if not 0 <= index < len(levels[0]):
        raise IndexError(f"leaf {index} is outside a tree of {len(levels[0])} leaves")
    path = []
    for level in levels[:-1]:
        sibling = index ^ 1
        if sibling < len(level):
            path.append(level[sibling])
        index //= 2
    return path


def path_length(index: int, size: int) -> int:
    """The number of hashes that RFC 6962 §2.1.1 gives to leaf `index` of a tree of `size` leaves."""
    length = 0
    while size > 1:
        length += (index ^ 1) < size
        index, size = index // 2, (size + 1) // 2
    return length


def root_from_path(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that leaf hash, position and path lead to; None if position or length is impossible."""
    if not 0 <= index < size or len(path) != path_length(index, size):
        return None
    node, rest = leaf, iter(path)
    while size > 1:
        if index % 2:
            node = node_hash(next(rest), node)
        elif index + 1 < size:
            node = node_hash(node, next(rest))
        index, size = index // 2, (size + 1) // 2
    return node


def verify_path(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """True if `path` proves leaf hash `leaf` at `index` of the tree of `size` leaves under `root`."""
    return root_from_path(leaf, index, size, path) == root
