"""Service keys in keystore V3 files, with a password file beside them or a person who types it.

A key is never printed, never a setting, never in a message.  Files are of mode 0600 or refused.
"""

import json
import os
import secrets
import stat
from collections.abc import Callable
from pathlib import Path

from eth_account import Account

from gettone.chain.contract import checksum_address
from gettone.chain.signer import LocalSigner
from gettone.errors import InputError, MissingInput, Refused

SCRYPT_N = 1 << 18
"""Cost of the field's keystores; a lower one is for throw-away keys."""

AskPassword = Callable[[str], str]
"""Asks a person for the password of the keystore that is named."""

_READABLE_BY_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_KEY_BYTES = 32


def load_signer(keystore: Path, password_file: Path | None, ask: AskPassword | None = None) -> LocalSigner:
    """Decrypt a keystore V3 file with the password in the first line of `password_file`, or the one typed.

    Raises MissingInput `secret_missing` for an absent file and `password_missing` where neither file nor person is,
    Refused `secret_readable` for a file that others may read, and InputError `keystore` for a wrong password or a
    file that is no keystore (identity-and-api.md §8).
    """
    encrypted = _read_secret(keystore, "keystore")
    password = _password(keystore, password_file, ask)
    try:
        return LocalSigner(bytes(Account.decrypt(json.loads(encrypted), password)))
    except (ValueError, TypeError, KeyError):
        whose = password_file or "what was typed"
        raise InputError(
            "keystore",
            f"keystore {keystore} does not open: it is no keystore V3 file, or {whose} is the password of another one",
        ) from None


def create_keystore(keystore: Path, password_file: Path, *, scrypt_n: int = SCRYPT_N) -> str:
    """Make a new key, write keystore and random password with mode 0600, and return its address.

    An existing file is never overwritten: Refused `key_exists`.  `scrypt_n` is the cost (a power of two).
    """
    return _write(keystore, password_file, secrets.token_bytes(_KEY_BYTES), scrypt_n)


def import_key(source: Path, keystore: Path, password_file: Path, *, scrypt_n: int = SCRYPT_N) -> str:
    """Bring a key that another program wrote as 0x and 64 hex digits into a keystore; returns its address.

    `source` stays as it is: who imported it deletes it.  InputError `key_text` for a file that holds no key, without
    saying what it holds; otherwise as `load_signer` and `create_keystore`.
    """
    text = _read_secret(source, "key file").strip().removeprefix("0x")
    try:
        secret = bytes.fromhex(text)
        LocalSigner(secret)
    except ValueError:
        raise InputError("key_text", f"{source} holds no key: it must be 0x and 64 hex digits") from None
    if len(secret) != _KEY_BYTES:
        raise InputError("key_text", f"{source} holds no key: it must be 0x and 64 hex digits")
    return _write(keystore, password_file, secret, scrypt_n)


def address_in(keystore: Path) -> str:
    """The address a keystore says it holds, read without its password.

    Only the password proves it, which whoever signs gives.  InputError `keystore` for a file without an address.
    """
    try:
        return checksum_address("0x" + str(json.loads(_read_secret(keystore, "keystore"))["address"]))
    except (ValueError, KeyError, TypeError, InputError):
        raise InputError("keystore", f"keystore {keystore} names no address: it is no keystore V3 file") from None


def _password(keystore: Path, password_file: Path | None, ask: AskPassword | None) -> str:
    if password_file is not None:
        return _read_secret(password_file, "password file").split("\n", 1)[0]
    if ask is None:
        raise MissingInput(
            "password_missing", f"keystore {keystore} needs its password: name its password file, or run at a terminal"
        )
    return ask(str(keystore))


def _write(keystore: Path, password_file: Path, secret: bytes, scrypt_n: int) -> str:
    for path in (keystore, password_file):
        if path.exists():
            raise Refused("key_exists", f"{path} exists already: a key is never overwritten")
    password = secrets.token_urlsafe(32)
    encrypted = Account.encrypt(secret, password, kdf="scrypt", iterations=scrypt_n)
    _write_secret(password_file, password + "\n")
    _write_secret(keystore, json.dumps(encrypted, sort_keys=True) + "\n")
    return LocalSigner(secret).address


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
