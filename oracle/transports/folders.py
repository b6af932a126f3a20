"""The folders of one source (§3.2): what its sender sees, and what only we see.

    <root>/<source>/account/in   uploads: name.part, then renamed; optional name.sha256
                   /account/out  name.report.json
                   /work  /rejected  /dead  /parked  /mirror  /config  /log     ours alone

Names of senders are untrusted: they are handed to the kernel only as an entry of the folder it listed them in, and
inside each file has a name that we gave it.
"""

import json
import os
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from gettone.errors import InputError

INTERNAL = ("work", "rejected", "dead", "parked", "mirror", "config", "log")
# The sender's group may write into `in` and read from `out`; new files take over that group.
OPEN_MODE, CLOSED_MODE, OUT_MODE = 0o2770, 0o2550, 0o2750
_SOURCE_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_SHOWN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._ -]{0,199}")


@dataclass(frozen=True, slots=True)
class SourceFolders:
    """The folders of one source below `base`; `in` is closed while the disk is nearly full."""

    base: Path

    @classmethod
    def of(cls, root: Path, source: str) -> "SourceFolders":
        """The folders of a source; InputError for a name that is not one of ours."""
        if not _SOURCE_NAME.fullmatch(source):
            raise InputError(
                "source_name", f"source {source!r} has no place on disk: use a-z, 0-9 and dashes, at most 64"
            )
        return cls(root / source)

    @property
    def inbox(self) -> Path:
        """Where the sender uploads."""
        return self.base / "account" / "in"

    @property
    def out(self) -> Path:
        """Where the sender finds reports."""
        return self.base / "account" / "out"

    def place(self, name: str) -> Path:
        """One of the internal folders."""
        return self.base / name

    def make(self) -> None:
        """Make what is missing; what is there keeps its owner and its mode."""
        for path, mode in ((self.inbox, OPEN_MODE), (self.out, OUT_MODE)):
            if not path.is_dir():
                path.mkdir(parents=True)
                path.chmod(mode)
        for name in INTERNAL:
            if not self.place(name).is_dir():
                self.place(name).mkdir(mode=0o700)

    def set_open(self, is_open: bool) -> None:
        """Let uploads in, or none: an SFTP account then finds its folder read-only."""
        mode = OPEN_MODE if is_open else CLOSED_MODE
        if self.inbox.stat().st_mode & 0o7777 != mode:
            self.inbox.chmod(mode)

    def mirrored(self) -> int:
        """The last batch of `mirror`, 0 for none."""
        files = sorted(self.place("mirror").glob("*.jsonl"))
        lines = files[-1].read_text(encoding="ascii").splitlines() if files else []
        return int(json.loads(lines[-1])["batch_id"]) if lines else 0

    def mirror(self, batches: list[dict[str, Any]]) -> None:
        """Add a line for each batch that came by another channel; its bytes are in the lake alone."""
        for one in batches:
            month = datetime.fromtimestamp(one["received_at_ms"] / 1000, UTC).strftime("%Y-%m")
            with (self.place("mirror") / f"{month}.jsonl").open("a", encoding="ascii") as file:
                file.write(json.dumps(one, sort_keys=True, separators=(",", ":")) + "\n")

    def write_log(self, line: dict[str, Any]) -> None:
        """Add one line to the log of the month that `line` names as `at`; it holds numbers and codes, no names."""
        path = self.place("log") / f"{line['at'][:7]}.jsonl"
        with path.open("a", encoding="ascii") as file:
            file.write(json.dumps(line, sort_keys=True, separators=(",", ":")) + "\n")


def new_token() -> str:
    """A name of ours for a file."""
    return secrets.token_hex(16)


def shown_name(name: str, token: str) -> str:
    """The sender's name for a file where it is harmless in a path, else our own."""
    return name if _SHOWN_NAME.fullmatch(name) and ".." not in name else token


def replace_json(path: Path, document: dict[str, Any]) -> None:
    """Write a JSON file at once, and have it on disk when this returns."""
    part = path.with_name(path.name + ".part")
    with part.open("w", encoding="utf-8") as file:
        json.dump(document, file, sort_keys=True)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)
    sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """Have the entries of a folder on disk."""
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
