"""Recovery of the signer of an EIP-191 message: secp256k1 public key recovery in plain Python (SEC 1 §4.1.6).

Only verification: no secret is handled, so that constant time does not matter.
"""

from gettone.errors import InputError
from gettone.notary.keccak import keccak256

_P = 2**256 - 2**32 - 977
_N = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
_G = (
    0x79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798,
    0x483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8,
)

_Point = tuple[int, int] | None


def _add(left: _Point, right: _Point) -> _Point:
    if left is None or right is None:
        return left or right
    (x1, y1), (x2, y2) = left, right
    if x1 == x2 and (y1 + y2) % _P == 0:
        return None
    rise, run = (3 * x1 * x1, 2 * y1) if left == right else (y2 - y1, x2 - x1)
    slope = rise * pow(run, -1, _P)
    x = (slope * slope - x1 - x2) % _P
    return x, (slope * (x1 - x) - y1) % _P


def _multiply(point: _Point, scalar: int) -> _Point:
    total: _Point = None
    while scalar:
        if scalar & 1:
            total = _add(total, point)
        point, scalar = _add(point, point), scalar >> 1
    return total


def recover_address(digest: bytes, signature: bytes) -> bytes:
    """The 20-byte address whose key signed the 32-byte `digest`; `signature` is r, s and v (27 or 28).

    InputError for a signature that no key can have made.
    """
    r, s, v = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:64], "big"), signature[64:]
    y_squared = (pow(r, 3, _P) + 7) % _P
    y = pow(y_squared, (_P + 1) // 4, _P)
    if not (0 < r < _N and 0 < s < _N and v in (b"\x1b", b"\x1c")) or y * y % _P != y_squared:
        raise InputError("signature_form", "the operator signature is malformed")
    if y % 2 != v[0] - 27:
        y = _P - y
    inverse = pow(r, -1, _N)
    shift = _multiply(_G, -int.from_bytes(digest, "big") * inverse % _N)
    key = _add(_multiply((r, y), s * inverse % _N), shift)
    if key is None:
        raise InputError("signature_form", "the operator signature is malformed")
    return keccak256(key[0].to_bytes(32, "big") + key[1].to_bytes(32, "big"))[12:]
