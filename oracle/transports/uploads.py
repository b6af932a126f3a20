"""Which uploads are complete: seen as `name.part` and renamed, or unchanged for a minute (§3.2)."""

import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from gettone.errors import InputError
from gettone.metering.codes import Code

UNCHANGED_S = 60
PART, MANIFEST = ".part", ".sha256"
MANIFEST_BYTES = 4096
_DIGEST = re.compile(rb"\s*([0-9a-fA-F]{64})\b")


@dataclass(frozen=True, slots=True)
class Upload:
    """A complete file of the sender: its name there, and the digest it states, None without a manifest."""

    name: str
    sha256: bytes | None
    manifest: str | None


@dataclass(slots=True)
class Inspector:
    """Looks at a folder of uploads again and again, and remembers which files it saw as parts."""

    folder: Path
    _parts: set[int] = field(default_factory=set)

    def complete(self, now_s: float) -> list[Upload]:
        """The complete uploads by name; `now_s` on the clock of the file system [unix s].

        A file counts as unchanged by its change time, which no sender can set.  Links, folders and devices are
        never taken.
        """
        with opened(self.folder) as handle:
            found = {entry.name: entry.stat(follow_symlinks=False) for entry in os.scandir(handle)}
            files = {name: one for name, one in found.items() if stat.S_ISREG(one.st_mode)}
            self._parts = (self._parts & {one.st_ino for one in files.values()}) | {
                one.st_ino for name, one in files.items() if name.endswith(PART)
            }
            return [
                self._upload(handle, name, files)
                for name, one in sorted(files.items())
                if not name.endswith((PART, MANIFEST))
                and self._is_complete(one, now_s)
                # Its manifest is on the way: with it the file can be checked.
                and name + MANIFEST + PART not in files
            ]

    def _is_complete(self, one: os.stat_result, now_s: float) -> bool:
        return one.st_ino in self._parts or now_s - one.st_ctime >= UNCHANGED_S

    def _upload(self, handle: int, name: str, files: dict[str, os.stat_result]) -> Upload:
        manifest = name + MANIFEST
        if manifest not in files:
            return Upload(name, None, None)
        return Upload(name, _stated(handle, manifest), manifest)


@contextmanager
def opened(folder: Path) -> Iterator[int]:
    """A handle of a folder, in which names of senders are looked up without ever becoming a path."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield handle
    finally:
        os.close(handle)


def check_digest(upload_sha256: bytes | None, found: bytes) -> None:
    """InputError when a manifest states another digest than the file has (V1)."""
    if upload_sha256 is not None and upload_sha256 != found:
        raise InputError(
            "file_digest",
            f"the file has SHA-256 {found.hex()}, its manifest states {upload_sha256.hex()[:64] or 'none'}: "
            f"upload both again [{Code.F_DIGEST}]",
        )


def _stated(handle: int, manifest: str) -> bytes:
    """The digest in a manifest, as sha256sum writes it; b"" for one that states none, which no file matches."""
    file = os.open(manifest, os.O_RDONLY | os.O_NOFOLLOW, dir_fd=handle)
    try:
        found = _DIGEST.match(os.read(file, MANIFEST_BYTES))
    finally:
        os.close(file)
    return b"" if found is None else bytes.fromhex(found[1].decode())
