"""Rows of a readings file, CSV (plain or gzip) or Parquet, one by one with their row numbers.

Columns: `device, timestamp_utc, interval_s, energy_wh`, optional `quality` (default actual), `direction` (default
exchange) and `unit` (only Wh).  Other columns are ignored.  A row that breaks the format is an InputError that
names file, row and reason; an import that keeps going catches it row by row.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from gettone.engine.tables import read_table
from gettone.errors import InputError
from gettone.types import Direction, Quality

REQUIRED = ("device", "timestamp_utc", "interval_s", "energy_wh")
OPTIONAL = ("quality", "direction", "unit")

_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(Z|[+-]\d{2}:\d{2})", re.ASCII)
_LOCAL = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?", re.ASCII)
_WHOLE = re.compile(r"[+-]?\d{1,40}", re.ASCII)
_WH_LIMIT = 2**62

Word = TypeVar("Word", Quality, Direction)


def _by_number_or_word(words: type[Word]) -> dict[Any, Word]:
    names: dict[Any, Word] = {}
    for word in words:
        names |= {int(word): word, str(int(word)): word, word.name.lower(): word}
    return names


_QUALITIES = _by_number_or_word(Quality)
_DIRECTIONS = _by_number_or_word(Direction)


class RawRow(NamedTuple):
    """One row as it stands in the file; `row` is the line of a CSV file, or counts from 1 in a Parquet file."""

    path: Path
    row: int
    values: Mapping[str, Any]

    def refuse(self, code: str, reason: str) -> InputError:
        """The refusal of this row, with file, row and reason."""
        return InputError(code, f"{self.path}, row {self.row}: {reason}")


class ReadingRow(NamedTuple):
    """One reading: energy [Wh] of `device` in [start_s, start_s + interval_s), None if it is missing."""

    row: int
    device: str
    start_s: int
    interval_s: int
    energy_wh: int | None
    quality: Quality
    direction: Direction

    @property
    def broken_rule(self) -> str | None:
        """Code of rule V9 if a one-way register shows the wrong sign: such a reading counts as missing."""
        if self.direction is Direction.EXCHANGE or not self.energy_wh:
            return None
        energy_wh = self.energy_wh
        if self.direction in (Direction.WITHDRAWAL, Direction.LOAD) and energy_wh < 0:
            return "N_NEGATIVE"
        if self.direction in (Direction.INJECTION, Direction.PRODUCTION) and energy_wh > 0:
            return "N_POSITIVE"
        return None


def raw_reading_rows(path: Path) -> Iterator[RawRow]:
    """The rows of a readings file; InputError if the file cannot be read or lacks a column."""
    for row, values in read_table(path, REQUIRED, OPTIONAL):
        yield RawRow(path, row, values)


def parse_reading(raw: RawRow) -> ReadingRow:
    """One checked reading; InputError names file, row and reason."""
    values = raw.values
    device = values["device"]
    if not isinstance(device, str) or not device:
        raise raw.refuse("device_missing", "device is empty")
    interval_s = _whole(raw, "interval_s")
    if not 0 < interval_s <= 86_400:
        raise raw.refuse("interval_range", f"interval_s is {interval_s}, and must be in 1..86400 seconds")
    start_s = _instant_s(raw, values["timestamp_utc"])
    if start_s % interval_s:
        raise raw.refuse(
            "timestamp_misaligned",
            f"timestamp {values['timestamp_utc']} does not start a slot of {interval_s} s in UTC",
        )
    unit = values.get("unit")
    if unit not in (None, "", "Wh"):
        raise raw.refuse("unit", f"unit is {unit!r}, and energy must be in Wh")
    quality = _word(raw, "quality", _QUALITIES, Quality.ACTUAL)
    direction = _word(raw, "direction", _DIRECTIONS, Direction.EXCHANGE)
    return ReadingRow(raw.row, device, start_s, interval_s, _energy_wh(raw, quality), quality, direction)


def _energy_wh(raw: RawRow, quality: Quality) -> int | None:
    if quality == Quality.MISSING:
        return None
    energy_wh = _whole(raw, "energy_wh")
    if abs(energy_wh) >= _WH_LIMIT:
        raise raw.refuse("energy_range", f"energy_wh is {energy_wh}, beyond any meter")
    return energy_wh


def _whole(raw: RawRow, name: str) -> int:
    value = raw.values[name]
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        return int(value)
    shown = "empty" if value in (None, "") else repr(value)
    raise raw.refuse("not_whole", f"{name} is {shown}, and must be a whole number")


def _instant_s(raw: RawRow, value: Any) -> int:
    if isinstance(value, str):
        instant_s = _parsed_instant_s(value)
        if instant_s is not None:
            return instant_s
        if _LOCAL.fullmatch(value):
            raise _without_offset(raw, value)
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise _without_offset(raw, value.isoformat())
        if not value.microsecond:
            return int(value.timestamp())
    raise raw.refuse("timestamp_syntax", f"timestamp {value!r} is no instant: write it as 2016-09-01T00:00:00Z")


def _without_offset(raw: RawRow, value: str) -> InputError:
    return raw.refuse("timestamp_offset", f"timestamp {value} has no UTC offset: end it with Z or an offset as +02:00")


@lru_cache(maxsize=100_000)
def _parsed_instant_s(text: str) -> int | None:
    if not _INSTANT.fullmatch(text):
        return None
    try:
        return int(datetime.fromisoformat(text).astimezone(UTC).timestamp())
    except (ValueError, OverflowError):
        return None


def _word(raw: RawRow, name: str, words: Mapping[Any, Word], default: Word) -> Word:
    value = raw.values.get(name)
    if value in (None, ""):
        return default
    if value not in words:
        allowed = ", ".join(word for word in words if isinstance(word, str))
        raise raw.refuse(name, f"{name} is {value!r}, and must be one of {allowed}")
    return words[value]
