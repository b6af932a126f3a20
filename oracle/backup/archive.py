"""A sealed archive of files with the digest of each; the list of them stands at its end."""

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from gettone.errors import CheckFailed, Conflict
from gettone.vault import Vault
from oracle.backup.sealed import SealedReader, SealedWriter

SCHEMA = "gettone.backup/1"
MANIFEST = "manifest.json"
_PIECE_BYTES = 1 << 20

Take = Callable[[str, IO[bytes]], None]
"""Takes a file of an archive while it is read."""


def write_archive(path: Path, vault: Vault, files: Iterable[tuple[str, Path]], facts: Mapping[str, Any]) -> int:
    """Seal files under names into `path`; how many.  Conflict where `path` exists.  Others cannot read it."""
    if path.exists():
        raise Conflict("backup_exists", f"{path} exists already: give another name")
    part = path.with_name(path.name + ".part")
    digests: dict[str, dict[str, Any]] = {}
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        with SealedWriter(out, vault) as sealed, tarfile.open(fileobj=sealed, mode="w|gz") as tar:
            for name, file in files:
                digests[name] = _add(tar, name, file)
            document = {"schema": SCHEMA, **facts, "files": digests}
            content = json.dumps(document, sort_keys=True).encode()
            info = tarfile.TarInfo(MANIFEST)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
        out.flush()
        os.fsync(out.fileno())
    part.rename(path)
    return len(digests)


def read_archive(path: Path, vault: Vault, take: Take = lambda _name, file: _drain(file)) -> dict[str, Any]:
    """Give every file to `take`, then compare all with the list; the list.

    CheckFailed `backup_damaged` for a file that is missing, added or another; what was taken before is not to be
    trusted then.
    """
    found: dict[str, dict[str, Any]] = {}
    manifest: dict[str, Any] | None = None
    with path.open("rb") as source, _opened(source, vault) as tar:
        for entry in tar:
            content = tar.extractfile(entry)
            if content is None or manifest is not None:
                raise CheckFailed("backup_damaged", f"{path} holds something that is no file: take another backup")
            if entry.name == MANIFEST:
                manifest = json.loads(content.read())
                continue
            measured = _Measured(content)
            take(entry.name, measured)  # type: ignore[arg-type]
            measured.drain()
            found[entry.name] = {"bytes": measured.size_bytes, "sha256": measured.digest.hexdigest()}
    if manifest is None or manifest["files"] != found:
        raise CheckFailed("backup_damaged", f"{path} does not hold what its list says: take another backup")
    return manifest


@contextmanager
def _opened(source: IO[bytes], vault: Vault) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(fileobj=SealedReader(source, vault), mode="r|gz") as tar:
            yield tar
    except tarfile.TarError:
        raise CheckFailed("backup_damaged", "the backup is damaged or cut short: take another one") from None


class _Measured:
    """A file that is counted and digested while somebody reads it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self.size_bytes, self.digest = file, 0, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        content = self._file.read(size)
        self.size_bytes += len(content)
        self.digest.update(content)
        return content

    def drain(self) -> None:
        _drain(self)  # type: ignore[arg-type]


def _drain(file: IO[bytes]) -> None:
    while file.read(_PIECE_BYTES):
        pass


def _add(tar: tarfile.TarFile, name: str, file: Path) -> dict[str, Any]:
    info = tarfile.TarInfo(name)
    info.size = file.stat().st_size
    with file.open("rb") as content:
        measured = _Measured(content)
        tar.addfile(info, measured)
    return {"bytes": measured.size_bytes, "sha256": measured.digest.hexdigest()}
