"""Who signs: the protocol of a key, the key in this process, and the check of whatever a signer answers.

A signer signs keccak-256 of a payload and says its address, nothing more, so that a key may live elsewhere
(`web3signer.py`).  Signatures are 65 bytes: r, s, v with v 27 or 28 and s in the lower half of the curve's order.
"""

from typing import NoReturn, Protocol

from coincurve import PrivateKey, PublicKey
from eth_account.messages import SignableMessage, encode_defunct
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from gettone.errors import CheckFailed

SIGNATURE_BYTES = 65
_V_OFFSET = 27
_HALF_ORDER = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0


class Signer(Protocol):
    """A key that can be asked to sign and never shows itself."""

    @property
    def address(self) -> str:
        """EIP-55 address of the key."""

    def sign(self, payload: bytes) -> bytes:
        """The 65-byte signature of keccak-256(payload); Unreachable or CheckFailed of a signer elsewhere."""


class LocalSigner:
    """A key in this process, signed with by libsecp256k1.

    It has no text form but its address, and cannot be copied into another process.
    """

    __slots__ = ("_address", "_key")

    def __init__(self, secret: bytes) -> None:
        """`secret` is 32 bytes; ValueError for a number that is no key of the curve."""
        self._key = PrivateKey(secret)
        self._address = _address_of(self._key.public_key)

    @property
    def address(self) -> str:
        """EIP-55 address of the key."""
        return self._address

    def sign(self, payload: bytes) -> bytes:
        """The 65-byte signature of keccak-256(payload)."""
        made = self._key.sign_recoverable(keccak(payload), hasher=None)
        return made[:64] + bytes([made[64] + _V_OFFSET])

    def __repr__(self) -> str:
        return f"LocalSigner({self._address})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key is not written anywhere but into a keystore")


def sign_checked(signer: Signer, payload: bytes) -> bytes:
    """The signature of `payload`, proven to be that of the signer's address before anybody relies on it.

    Raises CheckFailed `signature_invalid` for a wrong length, a high s, another v, or another key.
    """
    signature = signer.sign(payload)
    found = recover(payload, signature)
    if found != signer.address:
        raise CheckFailed(
            "signature_invalid",
            f"the signer of {signer.address} answered with a signature of {found}: nothing was sent; "
            "see that the signer's identifier belongs to this address",
        )
    return signature


def recover(payload: bytes, signature: bytes) -> str:
    """EIP-55 address of the key that signed keccak-256(payload).

    Raises CheckFailed `signature_invalid` for what is no signature in the one form that contracts take.
    """
    if len(signature) != SIGNATURE_BYTES or signature[64] - _V_OFFSET not in (0, 1):
        raise _invalid(f"{len(signature)} bytes instead of r, s and v of 27 or 28")
    if int.from_bytes(signature[32:64], "big") > _HALF_ORDER:
        raise _invalid("s in the upper half of the curve's order, which the chain refuses")
    compact = signature[:64] + bytes([signature[64] - _V_OFFSET])
    try:
        return _address_of(PublicKey.from_signature_and_message(compact, keccak(payload), hasher=None))
    except Exception as cause:
        # The library raises a bare Exception for numbers that belong to no key.
        raise _invalid(f"numbers that belong to no key ({type(cause).__name__})") from None


def sign_statement(signer: Signer, statement: SignableMessage) -> bytes:
    """The 65-byte signature under a prepared message (EIP-191, EIP-712), checked."""
    return sign_checked(signer, b"\x19" + statement.version + statement.header + statement.body)


def sign_message(signer: Signer, message: bytes) -> tuple[bytes, bytes]:
    """Sign a message for people (EIP-191); returns the address (20 bytes) and r, s, v (65 bytes)."""
    return bytes.fromhex(signer.address.removeprefix("0x")), sign_statement(signer, encode_defunct(message))


def address_of_public_key(public_key: bytes) -> str:
    """EIP-55 address of an uncompressed public key of 64 bytes (without its leading 04)."""
    return str(to_checksum_address(keccak(public_key)[-20:]))


def _address_of(key: PublicKey) -> str:
    return address_of_public_key(key.format(compressed=False)[1:])


def _invalid(found: str) -> CheckFailed:
    return CheckFailed("signature_invalid", f"the signer answered with {found}: nothing was sent")
