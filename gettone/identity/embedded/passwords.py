"""Passwords, one-time codes and recovery codes of the demonstration's provider."""

import base64
import hashlib
import hmac
import secrets
import struct
from typing import Final

MIN_PASSWORD: Final = 12
RECOVERY_CODES: Final = 12
TOTP_STEP_S: Final = 30
_SCRYPT_N, _SCRYPT_R, _SCRYPT_P = 2**14, 8, 1
_ALPHABET: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
# What an unknown user's password is compared with, so that the answer takes as long as for a known one.
_NOBODY: Final = "0" * 32 + "$" + "0" * 128


def hashed_password(password: str) -> str:
    """Salt and scrypt hash of a password, hex."""
    salt = secrets.token_bytes(16)
    return f"{salt.hex()}${_scrypt(password, salt).hex()}"


def is_password(password: str, stored: str | None) -> bool:
    """Whether `password` is the one whose hash is stored; False, after as long, where none is."""
    salt, _, digest = (stored or _NOBODY).partition("$")
    same = hmac.compare_digest(_scrypt(password, bytes.fromhex(salt)).hex(), digest)
    return same and stored is not None


def is_weak(password: str, email: str) -> bool:
    """Whether a password breaks the realm's rules: twelve signs, and not the address."""
    return len(password) < MIN_PASSWORD or password.lower() == email.lower()


def new_totp_secret() -> str:
    """A secret of 20 signs, whose bytes are the key, as Keycloak makes it."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(20))


def totp_in_base32(secret: str) -> str:
    """A secret as people type it into their application."""
    return base64.b32encode(secret.encode()).decode().rstrip("=")


def totp_step(secret: str, code: str, now_s: int, after_step: int) -> int | None:
    """The time step of a right code, at most one from now and later than `after_step`; None for a wrong one."""
    now_step = now_s // TOTP_STEP_S
    for step in (now_step - 1, now_step, now_step + 1):
        if step > after_step and hmac.compare_digest(totp_code(secret, step), code.strip()):
            return step
    return None


def totp_code(secret: str, step: int) -> str:
    """The six digits of a time step (RFC 6238, SHA-1, 30 s)."""
    mac = hmac.digest(secret.encode(), struct.pack(">Q", step), "sha1")
    at = mac[-1] & 15
    number = int.from_bytes(mac[at : at + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**6:06d}"


def new_recovery_codes() -> list[str]:
    """Twelve codes of twelve signs."""
    return ["".join(secrets.choice(_ALPHABET) for _ in range(12)) for _ in range(RECOVERY_CODES)]


def hashed_code(code: str) -> str:
    """The hash under which a code or a ticket of full entropy is stored."""
    return hashlib.sha256(code.strip().upper().encode()).hexdigest()


def _scrypt(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=_SCRYPT_N, r=_SCRYPT_R, p=_SCRYPT_P, dklen=64)
