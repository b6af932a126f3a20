"""Draws that are the same everywhere: a hash of seed, label and number, no library's generator (§7).

u = first 8 bytes, big-endian, of SHA-256(seed, 0x1f, label, 0x1f, u32 i big-endian); below n it is u * n >> 64.
"""

from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

UInt64Array = NDArray[np.uint64]
Int64Array = NDArray[np.int64]

_SEPARATOR = b"\x1f"
_DIGEST_WORDS = 4
LIMIT = 1 << 31


def draw(seed: str, label: str, number: int) -> int:
    """The 64-bit number of one draw.

    >>> hex(draw("demo-1", "load/m001/2025-06-21", 0))
    '0xd79c64c90e0a28e8'
    """
    return int.from_bytes(sha256(_prefix(seed, label) + number.to_bytes(4, "big")).digest()[:8], "big")


def draw_below(seed: str, label: str, number: int, limit: int) -> int:
    """The same draw as a whole number below `limit`.

    >>> draw_below("demo-1", "load/m001/2025-06-21", 0, 1000)
    842
    """
    return draw(seed, label, number) * limit >> 64


def draws(seed: str, labels: Sequence[str], count: int) -> UInt64Array:
    """Draws 0..count-1 of every label, uint64 [labels, count]."""
    numbers = _numbers(count)
    digests = b"".join(
        [
            sha256(prefix + number).digest()
            for prefix in (_prefix(seed, label) for label in labels)
            for number in numbers
        ]
    )
    words = np.frombuffer(digests, ">u8").reshape(len(labels), count, _DIGEST_WORDS)
    return words[:, :, 0].astype(np.uint64)


def below(drawn: UInt64Array, limit: int) -> Int64Array:
    """Draws as whole numbers below `limit` (< 2^31): u * limit >> 64 without a 128-bit product."""
    if not 0 < limit < LIMIT:
        raise ValueError(f"a limit of {limit} is outside 1..2^31-1")
    factor, half = np.uint64(limit), np.uint64(32)
    high, low = drawn >> half, drawn & np.uint64(0xFFFFFFFF)
    return ((high * factor + (low * factor >> half)) >> half).astype(np.int64)


@lru_cache(maxsize=16)
def _numbers(count: int) -> tuple[bytes, ...]:
    return tuple(number.to_bytes(4, "big") for number in range(count))


def _prefix(seed: str, label: str) -> bytes:
    return seed.encode() + _SEPARATOR + label.encode() + _SEPARATOR
