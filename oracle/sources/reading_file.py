"""A file of readings in the built-in profile, CSV (plain or gzip) or Parquet (metering specification §3.2)."""

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path

from gettone.engine.reading_rows import OPTIONAL, REQUIRED, RawRow, parse_reading, raw_reading_rows
from gettone.errors import Conflict, InputError
from gettone.metering.codes import Code
from gettone.metering.validation import FileRow, Rejected

MAX_ROWS = 20_000_000

# The codes of the row parser in those of the rules (§4) and the column each is about.
_RULES = {
    "device_missing": (Code.R_SYNTAX, "device"),
    "interval_range": (Code.R_STEP, "interval_s"),
    "timestamp_misaligned": (Code.T_MISALIGNED, "timestamp_utc"),
    "timestamp_offset": (Code.R_SYNTAX, "timestamp_utc"),
    "timestamp_syntax": (Code.R_SYNTAX, "timestamp_utc"),
    "not_whole": (Code.R_SYNTAX, "energy_wh"),
    "energy_range": (Code.R_RANGE, "energy_wh"),
    "unit": (Code.U_UNKNOWN, "unit"),
    "quality": (Code.R_SYNTAX, "quality"),
    "direction": (Code.R_SYNTAX, "direction"),
}


@dataclass(slots=True)
class FileContent:
    """The rows of one file: those that parse, those that do not, and the text of the latter."""

    sha256: bytes
    size_bytes: int
    rows: list[FileRow] = field(default_factory=list)
    broken: list[Rejected] = field(default_factory=list)
    broken_text: dict[int, str] = field(default_factory=dict)
    ignored_columns: tuple[str, ...] = ()

    def raw_texts(self, wanted: set[int]) -> dict[int, str]:
        """Rows by number: as received where they did not parse, as read where they did."""
        parsed = {one.row: json.dumps(one._asdict()) for one in self.rows if one.row in wanted}
        return parsed | {row: text for row, text in self.broken_text.items() if row in wanted}


def read_reading_file(path: Path) -> FileContent:
    """Read and parse a whole file.

    Raises InputError for a file that cannot be read or lacks a column, Conflict when it changes meanwhile.
    """
    content = FileContent(_digest(path), path.stat().st_size)
    for raw in raw_reading_rows(path):
        if not content.rows and not content.broken:
            content.ignored_columns = tuple(sorted(set(raw.values) - {*REQUIRED, *OPTIONAL}))
        if len(content.rows) + len(content.broken) >= MAX_ROWS:
            raise InputError("file_too_large", f"{path} has more than {MAX_ROWS} rows: split it [{Code.F_SIZE}]")
        _add(raw, content)
    if _digest(path) != content.sha256:
        raise Conflict("file_changed", f"{path} changed while it was read: wait until it is complete, then run again")
    return content


def _add(raw: RawRow, content: FileContent) -> None:
    try:
        row = parse_reading(raw)
    except InputError as refusal:
        content.broken.append(_rejected(raw, refusal))
        content.broken_text[raw.row] = json.dumps(dict(raw.values), default=str)
        return
    direction = None if raw.values.get("direction") in (None, "") else row.direction
    content.rows.append(
        FileRow(row.row, row.device, row.start_s, row.interval_s, row.energy_wh, row.quality, direction)
    )


def _rejected(raw: RawRow, refusal: InputError) -> Rejected:
    code, column = _RULES.get(refusal.code, (Code.R_SYNTAX, ""))
    return Rejected(raw.row, code, column, refusal.message.removeprefix(f"{raw.path}, row {raw.row}: "))


def _digest(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").digest()
    except OSError as failure:
        raise InputError("file_unreadable", f"{path} cannot be read: {failure.strerror}") from None
