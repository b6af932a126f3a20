"""The authenticator application of a test person: TOTP by RFC 6238, six digits, SHA-1, 30 s."""

import base64
import hashlib
import hmac
import struct
import time


class Authenticator:
    """Gives each code once: a provider refuses one that it has seen, so the next is of a later step."""

    def __init__(self, secret_base32: str) -> None:
        self._key = base64.b32decode(secret_base32 + "=" * (-len(secret_base32) % 8))
        self._last_step = 0

    def code(self) -> str:
        """The code of now, or of the next 30 s where that of now was given; providers accept one step ahead."""
        step = max(int(time.time()) // 30, self._last_step + 1)
        self._last_step = step
        mac = hmac.digest(self._key, struct.pack(">Q", step), hashlib.sha1)
        at = mac[-1] & 15
        return f"{(struct.unpack('>I', mac[at : at + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"
