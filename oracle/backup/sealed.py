"""A stream that only the holder of the key-encryption key can read, and that nobody can cut short unseen.

    "gettone.backup/1\\n" | u16 length | wrapped data key | 7 bytes nonce prefix | chunks
    chunk = u32 length, the last one with its highest bit set | AES-256-GCM ciphertext and tag
    nonce of chunk i = prefix | u32 i | u8 1 for the last one, else 0

The construction is STREAM (Hoang, Reyhanitabar, Rogaway, Vizar 2015), as in age and Tink.
"""

import io
import secrets
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gettone.errors import CheckFailed, InputError
from gettone.vault import KEY_BYTES, Vault

MAGIC = b"gettone.backup/1\n"
CHUNK_BYTES = 1 << 20
OWNER = ("backup",)
_LAST = 1 << 31
_TAG_BYTES = 16
_PREFIX_BYTES = 7


class SealedWriter(io.RawIOBase):
    """Seals what is written to it; `close` writes the chunk without which nothing of it can be read."""

    def __init__(self, out: IO[bytes], vault: Vault) -> None:
        super().__init__()
        key = secrets.token_bytes(KEY_BYTES)
        self._out, self._cipher, self._number = out, AESGCM(key), 0
        self._prefix, self._waiting = secrets.token_bytes(_PREFIX_BYTES), bytearray()
        wrapped = vault.wrap(key, OWNER)
        out.write(MAGIC + len(wrapped).to_bytes(2, "big") + wrapped + self._prefix)

    def writable(self) -> bool:
        """It is written to."""
        return True

    def write(self, content: bytes) -> int:  # type: ignore[override]
        """Take bytes; full chunks go out."""
        self._waiting += content
        while len(self._waiting) > CHUNK_BYTES:
            self._emit(bytes(self._waiting[:CHUNK_BYTES]), is_last=False)
            del self._waiting[:CHUNK_BYTES]
        return len(content)

    def close(self) -> None:
        """Write the last chunk; closing again changes nothing."""
        if not self.closed:
            self._emit(bytes(self._waiting), is_last=True)
        super().close()

    def _emit(self, content: bytes, *, is_last: bool) -> None:
        sealed = self._cipher.encrypt(_nonce(self._prefix, self._number, is_last), content, None)
        self._out.write((len(sealed) | (_LAST if is_last else 0)).to_bytes(4, "big") + sealed)
        self._number += 1


class SealedReader(io.RawIOBase):
    """Reads what a SealedWriter wrote; CheckFailed `backup_damaged` where a bit or a byte of it is another."""

    def __init__(self, source: IO[bytes], vault: Vault) -> None:
        super().__init__()
        if source.read(len(MAGIC)) != MAGIC:
            raise InputError("backup_format", "this is no backup of gettone, or one of a later version")
        wrapped = source.read(int.from_bytes(_exactly(source, 2), "big"))
        self._source, self._cipher, self._number = source, AESGCM(vault.unwrap(wrapped, OWNER)), 0
        self._prefix, self._clear, self._is_over = _exactly(source, _PREFIX_BYTES), b"", False

    def readable(self) -> bool:
        """It is read from."""
        return True

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes; none at the end, which was reached by the last chunk."""
        while not self._is_over and (size < 0 or len(self._clear) < size):
            self._clear += self._next_chunk()
        end = len(self._clear) if size < 0 else size
        content, self._clear = self._clear[:end], self._clear[end:]
        return content

    def _next_chunk(self) -> bytes:
        length = int.from_bytes(_exactly(self._source, 4), "big")
        self._is_over, length = bool(length & _LAST), length & ~_LAST
        if not _TAG_BYTES <= length <= CHUNK_BYTES + _TAG_BYTES:
            raise _damaged()
        try:
            nonce = _nonce(self._prefix, self._number, self._is_over)
            clear = self._cipher.decrypt(nonce, _exactly(self._source, length), None)
        except InvalidTag:
            raise _damaged() from None
        self._number += 1
        if self._is_over and self._source.read(1):
            raise _damaged()
        return clear


def _nonce(prefix: bytes, number: int, is_last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + bytes([is_last])


def _exactly(source: IO[bytes], size: int) -> bytes:
    content = source.read(size)
    if len(content) != size:
        raise _damaged()
    return content


def _damaged() -> CheckFailed:
    return CheckFailed("backup_damaged", "the backup is damaged or cut short: take another one")
