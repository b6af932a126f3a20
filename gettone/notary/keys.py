"""Keys, nonces and identifiers of LECN-1 §1, all derived by HMAC-SHA256 from random 32-byte yearly keys.

The year of a key is that of the local date of the period's start.  Keys must be 32 bytes: a shorter HMAC key
is padded with zeros, so that two keys could mean the same.
"""

import hmac
from enum import IntEnum
from hashlib import sha256

from gettone.errors import InputError

KEY_LENGTH = 32
HEADER_INDEX = 0xFFFFFFFF
MAX_SERIES = 256

INPUT_SALT_INDEX = 1
TRACE_SALT_INDEX = 2

ASSIGNMENT_NUMBER = 0
ROSTER_NUMBER = 1


class KeyKind(IntEnum):
    """What a period key opens."""

    SERIES = 1
    MEMBER = 2
    TOTALS = 3


def deployment_id(chain_id: int, genesis_hash: bytes, settlement_contract: bytes, community_id: str) -> bytes:
    """The 32-byte id of a deployment: genesis hash has 32 bytes, settlement contract 20."""
    name = community_id.encode()
    if len(genesis_hash) != 32 or len(settlement_contract) != 20 or not 0 <= chain_id < 1 << 64:
        raise InputError("deployment_fields", "a deployment needs a genesis hash, an address, a 64-bit chain id")
    network = chain_id.to_bytes(8, "big") + genesis_hash + settlement_contract
    return sha256(b"lecn.dep" + network + len(name).to_bytes(2, "big") + name).digest()


def period_key(yearly_key: bytes, kind: int, number: int, period_index: int, revision: int) -> bytes:
    """K_p: the key that a take-out may reveal for one period.

    `yearly_key` is K_my of the member, or K_cy of the community for the totals; `number` is the position of
    the series at its first commitment, 0 or 1 for assignment and roster, or the direction of the totals.
    """
    position = bytes((kind, number)) + period_index.to_bytes(4, "big") + revision.to_bytes(4, "big")
    return _derive(yearly_key, b"lecn.per" + position)


def nonce(k_p: bytes, index: int) -> bytes:
    """The 32-byte salt of slot `index`; HEADER_INDEX for the header, 1 and 2 for inputs and trace."""
    return _derive(k_p, b"lecn.non" + index.to_bytes(4, "big"))


def blind(k_p: bytes) -> bytes:
    """The 32-byte blind of an assignment or roster leaf."""
    return _derive(k_p, b"lecn.bld")


def series_pid(yearly_key: bytes, direction: int, pod: str) -> bytes:
    """Pseudonym (32 bytes) of a series of one year; the totals have the community id in place of a POD."""
    return _derive(yearly_key, b"lecn.pid" + bytes((direction,)) + pod.encode())


def _derive(key: bytes, message: bytes) -> bytes:
    if len(key) != KEY_LENGTH:
        raise InputError("key_length", f"a notarization key has {KEY_LENGTH} bytes, not {len(key)}")
    return hmac.digest(key, message, "sha256")
