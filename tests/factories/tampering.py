"""Changes to a take-out as a forger would make them: open, change, pack again with every digest made to fit."""

import io
import json
import zipfile
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from gettone.jcs import canonical
from gettone.notary.archive import write_archive

Entries = dict[str, bytes]


def open_entries(data: bytes) -> Entries:
    """The files of a take-out."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(entries: Entries, *, fits_digests: bool = True) -> bytes:
    """A take-out of changed files; the manifest lists them as they are now, unless told otherwise."""
    if fits_digests:
        manifest = json.loads(entries["manifest.json"])
        others = sorted(set(entries) - {"manifest.json"}, key=str.encode)
        manifest["files"] = [
            {"name": name, "bytes": len(entries[name]), "sha256": sha256(entries[name]).hexdigest()} for name in others
        ]
        entries = {**entries, "manifest.json": canonical(manifest)}
    return write_archive(entries)


def edit_json(entries: Entries, name: str, change: Callable[[Any], None]) -> None:
    """Change one JSON file in place."""
    document = json.loads(entries[name])
    change(document)
    entries[name] = canonical(document)


def edit_row(entries: Entries, name: str, slot: int, change: Callable[[list[str]], list[str] | None]) -> None:
    """Change the row of one slot in a CSV file; None removes it."""
    lines = entries[name].decode().split("\n")
    at = next(number for number, line in enumerate(lines) if line.startswith(f"{slot},"))
    row = change(lines[at].split(","))
    lines[at : at + 1] = [] if row is None else [",".join(row)]
    entries[name] = "\n".join(lines).encode()


def other_digit(text: str) -> str:
    """Hex with its first digit changed."""
    return ("0" if text[0] != "0" else "1") + text[1:]
