"""A payload as plain bytes: gzip and zip are told by their first bytes and unpacked within limits (rule V1).

The names inside a zip are never used, so none of them can lead anywhere.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from gzip import BadGzipFile, GzipFile
from pathlib import Path
from typing import BinaryIO, cast

from gettone.metering.codes import Code
from oracle.payload.refusals import unusable

MAX_UNPACKED_BYTES = 2 * 1024**3
MAX_RATIO = 200
# Below this size an expansion harms nobody, and a short file of equal values may well exceed the ratio.
RATIO_FLOOR_BYTES = 1024 * 1024

_GZIP_MAGIC = b"\x1f\x8b"
_ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


@contextmanager
def open_payload(path: Path) -> Iterator[BinaryIO]:
    """The unpacked bytes of a payload, to read once from start to end.

    Raises InputError F_ZIP for a container that is broken, encrypted, expands more than 200 times or holds
    anything but one file; F_SIZE beyond 2 GiB of content; F_SCHEMA for a file that cannot be opened.
    """
    with _opened(path) as file:
        size_bytes = path.stat().st_size
        magic = file.read(4)
        file.seek(0)
        if magic.startswith(_GZIP_MAGIC):
            yield io.BufferedReader(_Limited(GzipFile(fileobj=file), size_bytes))
        elif magic in _ZIP_MAGIC:
            with _only_member(file) as member:
                yield io.BufferedReader(_Limited(member, size_bytes))
        else:
            yield io.BufferedReader(_Limited(file, None))


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as failure:
        raise unusable(Code.F_SCHEMA, f"cannot be read: {failure.strerror or type(failure).__name__}") from None


def _only_member(file: BinaryIO) -> BinaryIO:
    try:
        archive = zipfile.ZipFile(file)
        members = [one for one in archive.infolist() if not one.is_dir()]
        if len(members) != 1:
            raise unusable(Code.F_ZIP, f"is a zip of {len(members)} files: one file is one batch, send them one by one")
        if members[0].flag_bits & _ENCRYPTED:
            raise unusable(Code.F_ZIP, "is an encrypted zip: send it without a password")
        if members[0].compress_type not in _METHODS:
            raise unusable(Code.F_ZIP, "is a zip with an unusual compression: use deflate")
        return cast(BinaryIO, archive.open(members[0]))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError, EOFError):
        raise unusable(Code.F_ZIP, "is a damaged zip: send it again") from None


class _Limited(io.RawIOBase):
    """Bytes of another file, counted against the limits; `packed_bytes` is None for what was not packed."""

    def __init__(self, inner: BinaryIO | GzipFile, packed_bytes: int | None) -> None:
        self._inner = inner
        self._packed_bytes = packed_bytes
        self._count = 0

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """As every raw file, with the limits checked after each piece."""
        try:
            piece = self._inner.read(len(buffer))
        except (EOFError, BadGzipFile, zipfile.BadZipFile, zlib.error, ValueError):
            raise unusable(Code.F_ZIP, "is packed, and the packing is damaged or cut short: send it again") from None
        buffer[: len(piece)] = piece
        self._count += len(piece)
        self._check()
        return len(piece)

    def _check(self) -> None:
        if self._count > MAX_UNPACKED_BYTES:
            raise unusable(Code.F_SIZE, f"has more than {MAX_UNPACKED_BYTES} bytes of content: split it")
        if self._packed_bytes is None or self._count <= RATIO_FLOOR_BYTES:
            return
        if self._count > MAX_RATIO * self._packed_bytes:
            raise unusable(Code.F_ZIP, f"unpacks to more than {MAX_RATIO} times its size: send it plain")
