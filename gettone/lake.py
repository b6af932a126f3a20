"""The lake: bytes exactly as received, written once, encrypted, found by their SHA-256 (metering specification §2).

File `<aa>/<sha256>` = "gtlake1\\n" | 7 bytes nonce prefix | pieces of 1 MiB, each AES-256-GCM ciphertext and tag.
Nonce of a piece = prefix | u32 number | u8 last; associated data = the digest: no piece can be taken away, moved
or used for another file.
"""

import hashlib
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gettone.errors import Conflict, InputError, MissingInput

MAGIC = b"gtlake1\n"
PIECE_BYTES = 1 << 20
_PREFIX_BYTES, _TAG_BYTES = 7, 16
_PART = "part-"


class Lake:
    """Stores payloads under one data key; what is in it is never changed, only erased."""

    def __init__(self, folder: Path, key: bytes) -> None:
        """Use `folder`, made if it is missing with access for its owner alone; `key` has 32 bytes."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._folder = folder
        self._cipher = AESGCM(key)

    def put(self, payload: bytes | Path) -> tuple[bytes, int]:
        """Keep a payload for good; returns its SHA-256 and size [bytes].

        On disk with its folder when this returns.  The same bytes again change nothing.  InputError for a file that
        cannot be read, Conflict `file_changed` for one that changes meanwhile.
        """
        sha256 = hashlib.sha256(payload).digest() if isinstance(payload, bytes) else _digest(payload)
        size = len(payload) if isinstance(payload, bytes) else payload.stat().st_size
        place = self._place(sha256)
        if not place.exists():
            self._write(payload, sha256, place)
        return sha256, size

    def has(self, sha256: bytes) -> bool:
        """Whether the payload is here."""
        return self._place(sha256).exists()

    def read(self, sha256: bytes) -> bytes:
        """A payload in memory; as `opened` refuses."""
        with self._opened(sha256) as source:
            return b"".join(self._pieces(source, sha256))

    @contextmanager
    def opened(self, sha256: bytes) -> Iterator[Path]:
        """A payload as a file of its own, gone after the block: what is stored is never parsed in place.

        MissingInput when the lake does not hold it, Conflict when it is damaged.
        """
        with tempfile.TemporaryDirectory(prefix="gettone-") as folder:
            path = Path(folder) / "payload"
            with self._opened(sha256) as source, path.open("wb") as target:
                for piece in self._pieces(source, sha256):
                    target.write(piece)
            yield path

    def erase(self, sha256: bytes) -> None:
        """Take a payload away, when a person's rows in it must be forgotten; repeating it changes nothing."""
        self._place(sha256).unlink(missing_ok=True)
        _sync_folder(self._place(sha256).parent)

    def free_permille(self) -> int:
        """Free space of the disk in permille: below 100 sources stop accepting (§3.4)."""
        usage = shutil.disk_usage(self._folder)
        return usage.free * 1000 // usage.total

    def sweep(self) -> int:
        """Delete what writers that were killed left half-written; returns how many.  Run while nobody writes."""
        parts = list(self._folder.glob(f"{_PART}*"))
        for part in parts:
            part.unlink(missing_ok=True)
        return len(parts)

    def _place(self, sha256: bytes) -> Path:
        return self._folder / sha256.hex()[:2] / sha256.hex()

    def _write(self, payload: bytes | Path, sha256: bytes, place: Path) -> None:
        place.parent.mkdir(exist_ok=True, mode=0o700)
        part = self._folder / f"{_PART}{secrets.token_hex(16)}"
        try:
            with part.open("xb", buffering=0) as target:
                os.chmod(part, 0o600)
                self._seal(payload, sha256, target)
                os.fsync(target.fileno())
            part.replace(place)
        finally:
            part.unlink(missing_ok=True)
        _sync_folder(place.parent)
        _sync_folder(self._folder)

    def _seal(self, payload: bytes | Path, sha256: bytes, target: BinaryIO) -> None:
        prefix = secrets.token_bytes(_PREFIX_BYTES)
        target.write(MAGIC + prefix)
        seen = hashlib.sha256()
        pieces = _pieces_of(payload)
        piece, number = next(pieces), 0
        while True:
            following = next(pieces, None)
            seen.update(piece)
            target.write(self._cipher.encrypt(_nonce(prefix, number, following is None), piece, sha256))
            if following is None:
                break
            piece, number = following, number + 1
        if seen.digest() != sha256:
            raise Conflict("file_changed", f"{payload!s} changed while it was read: wait until it is complete")

    @contextmanager
    def _opened(self, sha256: bytes) -> Iterator[BinaryIO]:
        try:
            source = self._place(sha256).open("rb")
        except FileNotFoundError:
            raise MissingInput(
                "lake_missing", f"the lake does not hold {sha256.hex()[:16]}…: restore it, or check GETTONE_LAKE_DIR"
            ) from None
        with source:
            yield source

    def _pieces(self, source: BinaryIO, sha256: bytes) -> Iterator[bytes]:
        damaged = Conflict("lake_damaged", f"{sha256.hex()[:16]}… in the lake is damaged or of another key: restore it")
        head = source.read(len(MAGIC) + _PREFIX_BYTES)
        if not head.startswith(MAGIC):
            raise damaged
        prefix, number = head[len(MAGIC) :], 0
        piece = source.read(PIECE_BYTES + _TAG_BYTES)
        while True:
            following = source.read(PIECE_BYTES + _TAG_BYTES)
            try:
                yield self._cipher.decrypt(_nonce(prefix, number, not following), piece, sha256)
            except InvalidTag:
                raise damaged from None
            if not following:
                return
            piece, number = following, number + 1


def _pieces_of(payload: bytes | Path) -> Iterator[bytes]:
    """At least one piece, the last one perhaps short or empty."""
    if isinstance(payload, bytes):
        yield from (payload[at : at + PIECE_BYTES] for at in range(0, max(len(payload), 1), PIECE_BYTES))
        return
    with payload.open("rb") as source:
        yield source.read(PIECE_BYTES)
        while piece := source.read(PIECE_BYTES):
            yield piece


def _digest(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").digest()
    except OSError as failure:
        raise InputError("file_unreadable", f"{path} cannot be read: {failure.strerror}") from None


def _nonce(prefix: bytes, number: int, last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + bytes([last])


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
