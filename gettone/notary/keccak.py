"""Keccak-256 as Ethereum uses it (padding 0x01, not the 0x06 of SHA3-256), in plain Python.

Selectors, event topics and EIP-712 hashes need a few dozen calls each, so plain Python is fast enough.
"""

_MASK = (1 << 64) - 1
_RATE = 136
_ROTATIONS = (
    (0, 36, 3, 41, 18),
    (1, 44, 10, 45, 2),
    (62, 6, 43, 15, 61),
    (28, 55, 25, 21, 56),
    (27, 20, 39, 8, 14),
)


def _round_constants() -> tuple[int, ...]:
    """The 24 constants, from the LFSR of FIPS 202 §3.2.5."""
    constants, register = [], 1
    for _ in range(24):
        constant = 0
        for bit in range(7):
            if register & 1:
                constant |= 1 << ((1 << bit) - 1)
            register <<= 1
            if register & 0x100:
                register ^= 0x171
        constants.append(constant)
    return tuple(constants)


_ROUND_CONSTANTS = _round_constants()


def _rotate(word: int, by: int) -> int:
    return ((word << by) | (word >> (64 - by))) & _MASK if by else word


def _permute(state: list[list[int]]) -> list[list[int]]:
    for constant in _ROUND_CONSTANTS:
        parity = [col[0] ^ col[1] ^ col[2] ^ col[3] ^ col[4] for col in state]
        mixed = [parity[x - 1] ^ _rotate(parity[(x + 1) % 5], 1) for x in range(5)]
        moved = [[0] * 5 for _ in range(5)]
        for x in range(5):
            for y in range(5):
                moved[y][(2 * x + 3 * y) % 5] = _rotate(state[x][y] ^ mixed[x], _ROTATIONS[x][y])
        state = [[moved[x][y] ^ (~moved[(x + 1) % 5][y] & moved[(x + 2) % 5][y]) for y in range(5)] for x in range(5)]
        state[0][0] ^= constant
    return state


def keccak256(message: bytes) -> bytes:
    """The 32-byte Keccak-256 digest of `message`."""
    padded = bytearray(message)
    padded.extend(bytes(_RATE - len(message) % _RATE))
    padded[len(message)] ^= 0x01
    padded[-1] ^= 0x80
    state = [[0] * 5 for _ in range(5)]
    for start in range(0, len(padded), _RATE):
        for lane in range(_RATE // 8):
            at = start + 8 * lane
            state[lane % 5][lane // 5] ^= int.from_bytes(padded[at : at + 8], "little")
        state = _permute(state)
    return b"".join(state[lane % 5][lane // 5].to_bytes(8, "little") for lane in range(4))


def selector(signature: str) -> bytes:
    """The 4-byte function selector of a canonical signature such as `transfer(address,uint256)`."""
    return keccak256(signature.encode())[:4]


def topic(signature: str) -> bytes:
    """The 32-byte first topic of an event of a canonical signature."""
    return keccak256(signature.encode())
