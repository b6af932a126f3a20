"""What a calculation refuses in a readings file: the first row, in the order of the file, that is not sound."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from gettone.errors import InputError
from gettone.metering.exact import BoolArray
from gettone.metering.received import Int64Array, Received, Rejected
from gettone.periods import utc_text
from gettone.types import Quality
from oracle.payload.instants import parse_label

_CODE_OF_COLUMN = {
    "": "row_width",
    "device": "device_missing",
    "interval_s": "interval_range",
    "timestamp_utc": "timestamp_syntax",
    "energy_wh": "not_whole",
    "unit": "unit",
    "quality": "quality",
    "direction": "direction",
}
_WHOLE = re.compile(r"[+-]?\d+", re.ASCII)


class _Finding(NamedTuple):
    row: int
    code: str
    reason: str


def refuse_first(
    path: Path, received: Received, counts: BoolArray, order: Int64Array, known: set[str], slot_s: int
) -> None:
    """InputError with file, row and reason for the first row that cannot be read or does not fit the others.

    counts: rows that may earn.  order: rows sorted by device and start, equal ones in the order of the file.
    known: the devices of the members.  slot_s: slot of the model [s].
    """
    findings = [*_unreadable(received), *_unfit(received, counts, order, known, slot_s)]
    if findings:
        # Of two findings of one row the earlier rule speaks, because `min` keeps the first of equals.
        first = min(findings, key=lambda one: one.row)
        raise InputError(first.code, f"{path}, row {first.row}: {first.reason}")


def _unreadable(received: Received) -> Iterator[_Finding]:
    if received.broken:
        first = min(received.broken, key=lambda one: one.row)
        yield _Finding(first.row, _code_of(first, received.texts[first.row]), first.reason)


def _code_of(refused: Rejected, text: str) -> str:
    """The stable code of a row that cannot be read, by its column and by what stood there."""
    code = _CODE_OF_COLUMN[refused.field]
    if code == "row_width":
        return code
    value = str(json.loads(text)[refused.field])
    if code == "timestamp_syntax" and parse_label(value) is not None:
        return "timestamp_offset"
    if code == "interval_range" and not _WHOLE.fullmatch(value):
        return "not_whole"
    return "energy_range" if code == "not_whole" and _WHOLE.fullmatch(value) else code


def _unfit(
    received: Received, counts: BoolArray, order: Int64Array, known: set[str], slot_s: int
) -> Iterator[_Finding]:
    device, interval_s, start_s = received.device, received.interval_s, received.start_s

    def first(wrong: BoolArray) -> int | None:
        return int(np.argmax(wrong)) if wrong.any() else None

    def found(at: int, code: str, reason: str) -> _Finding:
        return _Finding(int(received.row[at]), code, reason)

    def name(at: int) -> str:
        return f"device {received.devices[device[at]]!r}"

    if (at := first(start_s % interval_s != 0)) is not None:
        reason = f"timestamp {utc_text(int(start_s[at]))} does not start a slot of {interval_s[at]} s in UTC"
        yield found(at, "timestamp_misaligned", reason)
    unknown = np.array([one not in known for one in received.devices], np.bool_)
    if (at := first(unknown[device])) is not None:
        yield found(at, "device_unknown", f"{name(at)} is in no row of the members file")
    if (at := first(interval_s > slot_s)) is not None:
        reason = f"{name(at)} has readings of {interval_s[at]} s, longer than the model's slot of {slot_s} s"
        yield found(at, "interval_too_long", reason)
    present, position = np.unique(device, return_index=True)
    own_s = np.zeros(len(received.devices), np.int64)
    own_s[present] = interval_s[position]
    if (at := first(interval_s != own_s[device])) is not None:
        reason = f"{name(at)} changes its interval from {own_s[device[at]]} s to {interval_s[at]} s"
        yield found(at, "interval_changed", reason)
    if (at := first(_conflicting(received, counts, order))) is not None:
        reason = f"has the slot {utc_text(int(start_s[at]))} twice, with different values or qualities"
        yield found(at, "slot_conflict", f"{name(at)} {reason}")


def _conflicting(received: Received, counts: BoolArray, order: Int64Array) -> BoolArray:
    """Rows whose slot had another value before them, or one that counted where this does not."""
    device, start_s = received.device[order], received.start_s[order]
    again = np.zeros(len(order), np.bool_)
    again[1:] = (device[1:] == device[:-1]) & (start_s[1:] == start_s[:-1])
    # The first row of each slot, for every row of it.
    first = order[np.maximum.accumulate(np.where(again, 0, np.arange(len(order))))]
    missing = received.quality == Quality.MISSING
    differs = np.zeros(len(order), np.bool_)
    for values in (received.mantissa, missing, counts):
        differs |= values[order] != values[first]
    wrong = np.zeros(len(order), np.bool_)
    wrong[order] = differs
    return wrong
