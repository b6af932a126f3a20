"""Service keys: keystore V3 files with a password file beside them, never printed, never in a setting."""

import json
import os
import secrets
import stat
from pathlib import Path

from eth_account import Account
from eth_account.messages import encode_defunct
from eth_account.signers.local import LocalAccount
from eth_keys.backends import get_backend
from eth_keys.backends.coincurve import CoinCurveECCBackend

from gettone.errors import InputError, MissingInput, Refused

_READABLE_BY_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def require_signing_backend() -> None:
    """Refuse to sign in pure Python, which would be twenty times slower without a word.

    Raises Refused `signing_backend` unless eth-keys signs with coincurve (libsecp256k1).
    """
    backend = get_backend()
    if not isinstance(backend, CoinCurveECCBackend):
        raise Refused(
            "signing_backend",
            f"signing would run in {type(backend).__name__} instead of coincurve, about 20 times slower: "
            "install coincurve and leave ECC_BACKEND_CLASS unset",
        )


def load_account(keystore: Path, password_file: Path) -> LocalAccount:
    """Decrypt a keystore V3 file (scrypt) with the password in the first line of `password_file`.

    Raises MissingInput for an absent file, Refused `secret_readable` for one that others may read, and
    InputError `keystore` for a wrong password or a file that is no keystore (identity-and-api.md §8).
    """
    encrypted = _read_secret(keystore, "keystore")
    password = _read_secret(password_file, "password file").split("\n", 1)[0]
    try:
        key = Account.decrypt(json.loads(encrypted), password)
    except (ValueError, TypeError, KeyError):
        raise InputError(
            "keystore",
            f"keystore {keystore} does not open: it is no keystore V3 file, or {password_file} holds "
            "the password of another one",
        ) from None
    account: LocalAccount = Account.from_key(key)
    return account


def sign_message(account: LocalAccount, message: bytes) -> tuple[bytes, bytes]:
    """Sign a message for people (EIP-191); returns the address (20 bytes) and r, s, v (65 bytes)."""
    require_signing_backend()
    signed = account.sign_message(encode_defunct(message))
    return bytes.fromhex(account.address.removeprefix("0x")), bytes(signed.signature)


def create_keystore(keystore: Path, password_file: Path, *, scrypt_n: int = 1 << 18) -> str:
    """Make a new key, write keystore and random password with mode 0600, and return its address.

    An existing file is never overwritten: Refused `key_exists`.  `scrypt_n` is the cost (a power of two);
    the default is the one of the field.
    """
    for path in (keystore, password_file):
        if path.exists():
            raise Refused("key_exists", f"{path} exists already: a key is never overwritten")
    account, password = Account.create(), secrets.token_urlsafe(32)
    encrypted = Account.encrypt(account.key, password, kdf="scrypt", iterations=scrypt_n)
    _write_secret(password_file, password + "\n")
    _write_secret(keystore, json.dumps(encrypted, sort_keys=True) + "\n")
    return str(account.address)


def _read_secret(path: Path, what: str) -> str:
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise InputError("keystore", f"{what} {path} is not text") from None
    except OSError as cause:
        raise MissingInput("secret_missing", f"{what} {path} cannot be read: {cause.strerror}") from None
    if mode & _READABLE_BY_OTHERS:
        raise Refused(
            "secret_readable",
            f"{what} {path} may be read by others (mode {stat.S_IMODE(mode):04o}): run chmod 600 on it",
        )
    return text


def _write_secret(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
