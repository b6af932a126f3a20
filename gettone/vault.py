"""Envelope encryption: every key in the database is wrapped by one key that is not in it.

Wrapped key = u8 version 1 | 8 bytes id of the wrapping key | 12 bytes nonce | AES-256-GCM ciphertext and tag.
Sealed text = 12 bytes nonce | AES-256-GCM ciphertext and tag under a data key.
The associated data says whose key it is and for when, so that ciphertexts cannot be swapped between rows
(identity and API specification §8).
"""

import base64
import binascii
import hashlib
import hmac
import secrets
import stat
from collections.abc import Sequence
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gettone.errors import Conflict, InputError, MissingInput, Refused

KEY_BYTES = 32
NONCE_BYTES = 12
VERSION = 1
_HEAD_BYTES = 1 + 8 + NONCE_BYTES


class Vault:
    """Wraps and unwraps 32-byte keys under one key-encryption key (KEK)."""

    def __init__(self, kek: bytes) -> None:
        """Take the 32 bytes of the KEK; Refused for one that is no secret (a repeated byte)."""
        if len(kek) != KEY_BYTES:
            raise InputError("kek_length", f"the key-encryption key has {len(kek)} bytes, it needs {KEY_BYTES}")
        if len(set(kek)) == 1:
            raise Refused(
                "kek_default",
                "the key-encryption key is one repeated byte: make one with `openssl rand -hex 32`",
            )
        self._cipher = AESGCM(kek)
        self.key_id = hashlib.sha256(b"gettone.kek" + kek).digest()[:8]
        self._mark_key = hmac.digest(kek, b"gettone.purge", "sha256")

    @classmethod
    def from_file(cls, path: Path) -> "Vault":
        """Read the KEK, 32 bytes as hex or base64.

        MissingInput without the file, InputError for other content, Refused for a file others can read.
        """
        refuse_readable_by_others(path)
        return cls(_decode(path.read_text(encoding="ascii", errors="replace").strip(), path))

    def mark(self, member_id: str) -> bytes:
        """The mark by which an erased member is known again in an old backup, and by nobody without the KEK."""
        return hmac.digest(self._mark_key, member_id.encode(), "sha256")

    def wrap(self, key: bytes, owner: Sequence[str | int]) -> bytes:
        """Wrap a key for its owner: kind, community or member, year."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return bytes([VERSION]) + self.key_id + nonce + self._cipher.encrypt(nonce, key, associated(owner))

    def unwrap(self, wrapped: bytes, owner: Sequence[str | int]) -> bytes:
        """The key again; Conflict when it was wrapped under another KEK or for another owner."""
        if len(wrapped) < _HEAD_BYTES or wrapped[0] != VERSION:
            raise Conflict("key_format", f"the stored key of {_named(owner)} has an unknown format: restore it")
        if wrapped[1:9] != self.key_id:
            raise Conflict(
                "kek_differs",
                f"the stored key of {_named(owner)} was wrapped under key {wrapped[1:9].hex()}, "
                f"not {self.key_id.hex()}: give the file that GETTONE_KEK_FILE named then",
            )
        try:
            return self._cipher.decrypt(wrapped[9:_HEAD_BYTES], wrapped[_HEAD_BYTES:], associated(owner))
        except InvalidTag:
            raise Conflict(
                "key_damaged", f"the stored key of {_named(owner)} is damaged or another's: restore it"
            ) from None

    def rewrap(self, wrapped: bytes, owner: Sequence[str | int], old: "Vault") -> bytes:
        """The same key wrapped under this KEK; one that is already stays as it is."""
        return wrapped if wrapped[1:9] == self.key_id else self.wrap(old.unwrap(wrapped, owner), owner)


def seal(data_key: bytes, text: bytes, owner: Sequence[str | int]) -> bytes:
    """Encrypt `text` under a data key for its owner."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(data_key).encrypt(nonce, text, associated(owner))


def unseal(data_key: bytes, sealed: bytes, owner: Sequence[str | int]) -> bytes:
    """Decrypt what `seal` made; Conflict when it is damaged or another's."""
    try:
        return AESGCM(data_key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], associated(owner))
    except InvalidTag:
        raise Conflict(
            "seal_damaged", f"the stored text of {_named(owner)} is damaged or another's: restore it"
        ) from None


def lookup_pid(lookup_key: bytes, text: str) -> bytes:
    """HMAC-SHA256(K_lookup, text): finds an outside id without keeping it in clear."""
    return hmac.digest(lookup_key, text.encode(), "sha256")


def associated(owner: Sequence[str | int]) -> bytes:
    """Bytes that name an owner; each part carries its length, so that no two owners share them."""
    parts = [str(part).encode() for part in owner]
    return b"".join(len(part).to_bytes(2, "big") + part for part in parts)


def refuse_readable_by_others(path: Path) -> None:
    """Refused when group or others can read a secret file, MissingInput when there is no such file."""
    try:
        mode = path.stat().st_mode
    except OSError:
        raise MissingInput(
            "secret_missing", f"there is no readable file {path}: check the setting that names it"
        ) from None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise Refused("secret_readable", f"others can read the secret file {path}: run `chmod 600 {path}`")


def _decode(text: str, path: Path) -> bytes:
    try:
        return bytes.fromhex(text) if len(text) == 2 * KEY_BYTES else base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        raise InputError(
            "kek_syntax", f"{path} is not 32 bytes as hex or base64: make one with `openssl rand -hex 32`"
        ) from None


def _named(owner: Sequence[str | int]) -> str:
    return " ".join(str(part)[:12] for part in owner)
