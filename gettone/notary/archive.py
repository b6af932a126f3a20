"""The zip of a take-out: one way to write it, and a reader that believes nothing it has not checked.

Entries are stored uncompressed, in bytewise order of names, dated 1980-01-01, without extra fields.  The reader
still opens other zips within the limits, so that the differences inside can be named, but says so.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from gettone.errors import InputError

MAX_ARCHIVE_BYTES = 64 << 20
MAX_ENTRIES = 10_000
MAX_RATIO = 100

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_VERSION = 20
_DOS_DATE = (1 << 5) | 1
_NAME = re.compile(r"[A-Za-z0-9@_-][A-Za-z0-9@._-]*(/[A-Za-z0-9@_-][A-Za-z0-9@._-]*)*")
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
    struct.error,
)


@dataclass(frozen=True, slots=True)
class Archive:
    """The entries by name; `deterministic` says whether the zip has exactly the bytes the writer makes."""

    entries: Mapping[str, bytes]
    deterministic: bool


def write_archive(entries: Mapping[str, bytes]) -> bytes:
    """The zip of `entries`: same entries, same bytes."""
    body, directory = bytearray(), bytearray()
    for name in sorted(entries, key=str.encode):
        content, encoded = entries[name], name.encode("ascii")
        sizes = (zlib.crc32(content), len(content), len(content))
        offset = len(body)
        body += _LOCAL.pack(b"PK\3\4", _VERSION, 0, 0, 0, _DOS_DATE, *sizes, len(encoded), 0) + encoded + content
        directory += _CENTRAL.pack(
            b"PK\1\2", _VERSION, _VERSION, 0, 0, 0, _DOS_DATE, *sizes, len(encoded), 0, 0, 0, 0, 0, offset
        )
        directory += encoded
    if len(entries) > MAX_ENTRIES or len(body) + len(directory) > MAX_ARCHIVE_BYTES - _END.size:
        raise InputError("archive_limit", "the take-out is too large: export a shorter range")
    end = _END.pack(b"PK\5\6", 0, 0, len(entries), len(entries), len(directory), len(body), 0)
    return bytes(body + directory + end)


def read_archive(data: bytes) -> Archive:
    """Open a zip within the limits; InputError for a broken, oversized, doubled or wandering one."""
    if len(data) > MAX_ARCHIVE_BYTES:
        raise InputError("archive_limit", f"the archive has {len(data)} bytes, above {MAX_ARCHIVE_BYTES}")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as opened:
            infos = opened.infolist()
            _check_directory(infos)
            entries = {info.filename: _read_entry(opened, info) for info in infos}
    except _BROKEN as cause:
        raise InputError("archive_broken", f"the archive cannot be read: {cause}") from None
    return Archive(entries, write_archive(entries) == data)


def _check_directory(infos: list[zipfile.ZipInfo]) -> None:
    if len(infos) > MAX_ENTRIES:
        raise InputError("archive_limit", f"the archive has {len(infos)} entries, above {MAX_ENTRIES}")
    seen: set[str] = set()
    for info in infos:
        if not _NAME.fullmatch(info.filename) or info.filename != info.orig_filename:
            raise InputError("archive_name", f"entry name {info.orig_filename!r} is not allowed in a take-out")
        if info.filename in seen:
            raise InputError("archive_duplicate", f"entry {info.filename!r} comes twice in the archive")
        seen.add(info.filename)
        if info.file_size > MAX_RATIO * max(info.compress_size, 1):
            raise InputError("archive_bomb", f"entry {info.filename!r} unpacks to over {MAX_RATIO} times its size")
    if sum(info.file_size for info in infos) > MAX_ARCHIVE_BYTES:
        raise InputError("archive_bomb", f"the archive unpacks to more than {MAX_ARCHIVE_BYTES} bytes")


def _read_entry(opened: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    if info.flag_bits & 1 or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise InputError("archive_method", f"entry {info.filename!r} is encrypted or packed in an unknown way")
    with opened.open(info) as stream:
        content = stream.read(info.file_size + 1)
    if len(content) != info.file_size:
        raise InputError("archive_broken", f"entry {info.filename!r} has not the length the archive states")
    return content
