"""Keys that programs show instead of a password: of a device (`gk_`), which may only write, of a reader (`gr_`).

A key is its prefix and 32 random bytes in base64url.  Only its SHA-256 is stored: 256 random bits need no slow hash.
"""

import base64
import hashlib
import re
import secrets

from gettone.errors import InputError

DEVICE_PREFIX = "gk_"
READER_PREFIX = "gr_"
KEY_BYTES = 32
_KEY = re.compile(r"g[kr]_[A-Za-z0-9_-]{43}")

# Mosquitto's own form of a password: PBKDF2 with SHA-512.  The count is that of its mosquitto_passwd.
_ROUNDS = 101
_SALT_BYTES = 12
_HASH_BYTES = 64


def new_key(prefix: str) -> str:
    """A new key of a kind; it is shown once and never stored."""
    return prefix + base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).rstrip(b"=").decode()


def key_digest(key: str) -> bytes:
    """SHA-256 of a key, which finds it; InputError for text that is no key."""
    if not _KEY.fullmatch(key):
        raise InputError("key_syntax", "a key is gk_ or gr_ and 43 letters of base64url: copy it whole")
    return hashlib.sha256(key.encode()).digest()


def broker_hash(key: str) -> str:
    """The key as the broker stores it in its password file: `$7$rounds$salt$hash`."""
    salt = secrets.token_bytes(_SALT_BYTES)
    derived = hashlib.pbkdf2_hmac("sha512", key.encode(), salt, _ROUNDS, _HASH_BYTES)
    return f"$7${_ROUNDS}${base64.b64encode(salt).decode()}${base64.b64encode(derived).decode()}"
