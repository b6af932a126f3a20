"""The list of who was erased, for every restore of an older backup: marks that say nothing without the KEK."""

import os
from pathlib import Path

from gettone.errors import InputError

MARK_DIGITS = 64


def append_mark(path: Path, mark: bytes) -> None:
    """Add a mark for good, once."""
    if mark in read_marks(path):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as file:
        file.write(mark.hex().encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def read_marks(path: Path) -> frozenset[bytes]:
    """All marks; none where there is no list yet.  InputError for a line that is none."""
    if not path.exists():
        return frozenset()
    lines = path.read_text(encoding="ascii", errors="replace").split()
    wrong = next((number for number, line in enumerate(lines, start=1) if not _is_mark(line)), None)
    if wrong is not None:
        raise InputError("purge_list", f"{path}, line {wrong} is no mark of 64 hex digits: restore the list")
    return frozenset(bytes.fromhex(line) for line in lines)


def _is_mark(line: str) -> bool:
    return len(line) == MARK_DIGITS and all(one in "0123456789abcdef" for one in line)
