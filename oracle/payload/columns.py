"""A table of readings into rows for the rules, by column: devices, times, exact numbers, units, qualities."""

import json
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from gettone.metering.clock import START, LabelClock
from gettone.metering.codes import Code
from gettone.metering.flow import REGISTER, FlowConfig
from gettone.metering.received import NO_DIRECTION, Int8Array, Int32Array, Int64Array, Received, ReceivedRegisters
from gettone.types import Quality
from oracle.payload.instants import parse_label
from oracle.payload.numbers import exact_column
from oracle.payload.refusals import MAX_BROKEN, too_many_broken
from oracle.payload.refused_rows import RefusedRows
from oracle.payload.rows import RAW_CHARACTERS
from oracle.payload.table import DEVICE_OPTION, LAYOUT_OPTION, Layout, Table, seconds_after_label
from oracle.payload.words import DIRECTIONS, PROFILE_UNITS, QUALITIES, UNITS, unit_of_flow, words_of_flow

BoolArray = NDArray[np.bool_]

_WHOLE = r"^[+-]?[0-9]+$"
_MAX_INTERVAL_S = 86_400


def read_columns(table: Table, flow: FlowConfig, layout: Layout) -> Received | ReceivedRegisters:
    """The rows of a table; what cannot be read is broken, with its first reason, and nothing is dropped.

    Order of the reasons: device, interval, time, unit, quality, direction, value.  Raises InputError F_TOO_MANY
    for more than a million broken rows.
    """
    return _Reader(table, flow, layout).read()


class _Reader:
    """One table on its way; every step fills a column or refuses rows."""

    def __init__(self, table: Table, flow: FlowConfig, layout: Layout) -> None:
        self._table, self._flow, self._layout = table, flow, layout
        self._count = len(table.row)
        self._refused = RefusedRows(self._count)
        self._notes: dict[Code, int] = {}
        self._after_s = seconds_after_label(flow)

    def read(self) -> Received | ReceivedRegisters:
        register = self._flow.kind == REGISTER
        device, devices = self._devices()
        interval_s = np.zeros(self._count, np.int32) if register else self._intervals()
        labels, fixed = self._labels()
        units = PROFILE_UNITS if self._layout.whole else UNITS
        unit = self._words("unit", units, unit_of_flow(self._flow), Code.U_UNKNOWN)
        quality = self._words("quality", QUALITIES, int(Quality.ACTUAL), Code.R_SYNTAX)
        direction = self._words("direction", DIRECTIONS, NO_DIRECTION, Code.R_SYNTAX)
        mantissa, exponent = self._numbers(quality)
        at_s = self._utc(labels, fixed, device * 8 + direction + 1, interval_s)
        passed = self._refused.passed
        # Where nothing is refused the columns go on as they are; choosing all rows would copy each of them.
        kept = slice(None) if passed.all() else passed
        columns: dict[str, Any] = {
            "devices": devices,
            "row": self._table.row[kept],
            "device": device[kept],
            "direction": direction[kept],
            "mantissa": mantissa[kept],
            "exponent": exponent[kept],
            "unit": unit[kept],
            "quality": quality[kept],
            "broken": (*self._table.broken, *self._refused.rejected(self._table.row)),
            "texts": self._table.texts | self._texts(),
            "notes": self._notes,
            "ignored_columns": self._table.ignored_columns,
        }
        if len(columns["broken"]) > MAX_BROKEN:
            raise too_many_broken()
        if register:
            return ReceivedRegisters(at_s=at_s[kept], **columns)
        return Received(start_s=at_s[kept], interval_s=interval_s[kept], **columns)

    def _devices(self) -> tuple[Int32Array, tuple[str, ...]]:
        column = self._table.columns.get("device")
        if column is None:
            return np.zeros(self._count, np.int32), (self._flow.option(DEVICE_OPTION) or "",)
        position, names = _encoded(column)
        empty = np.array([not (name or "").strip() for name in names], np.bool_)
        self._refused.refuse(empty[position], Code.R_SYNTAX, self._name("device"), lambda _: "device is empty")
        return position, tuple(name or "" for name in names)

    def _intervals(self) -> Int32Array:
        if "interval_s" not in self._table.columns:
            return np.full(self._count, self._flow.step_s, np.int32)
        position, texts = _encoded(self._table.columns["interval_s"])
        found = np.array([_interval_s(text) for text in texts], np.int32)[position]
        self._refused.refuse(
            found == 0,
            Code.R_STEP,
            self._name("interval_s"),
            lambda at: f"{self._name('interval_s')} is {_shown(texts[position[at]])}, and must be in 1..86400 seconds",
        )
        return found

    def _labels(self) -> tuple[Int64Array, BoolArray]:
        """Seconds of each label, and whether they are UTC already."""
        name = self._name("timestamp")
        position, texts = _encoded(self._table.columns["timestamp"])
        layout = self._flow.option(LAYOUT_OPTION) or ""
        parsed = [parse_label(text, layout) if text is not None else None for text in texts]
        seconds = np.array([0 if one is None else one.seconds for one in parsed], np.int64)[position]
        fixed = np.array([one is not None and one.fixed for one in parsed], np.bool_)[position]
        broken = np.array([one is None for one in parsed], np.bool_)[position]
        how = f"in the layout {layout}" if layout else "as 2016-09-01T00:00:00Z"
        self._refused.refuse(
            broken, Code.R_SYNTAX, name, lambda at: f"timestamp {texts[position[at]]!r} is no instant: write it {how}"
        )
        if self._layout.offset:
            self._refused.refuse(
                ~fixed,
                Code.R_SYNTAX,
                name,
                lambda at: f"timestamp {texts[position[at]]} has no UTC offset: end it with Z or an offset as +02:00",
            )
        return seconds, fixed

    def _words(self, ours: str, words: dict[str, int], default: int, code: Code) -> Int8Array:
        column = self._table.columns.get(ours)
        if column is None:
            return np.full(self._count, default, np.int8)
        words = words | words_of_flow(self._flow, ours, words)
        position, texts = _encoded(column)
        found = np.array([words.get(text.strip(), -2) if text else default for text in texts], np.int8)[position]
        allowed = ", ".join(words)
        self._refused.refuse(
            found == -2,
            code,
            self._name(ours),
            lambda at: f"{ours} is {texts[position[at]]!r}, and must be one of {allowed}",
        )
        return found

    def _numbers(self, quality: Int8Array) -> tuple[Int64Array, Int8Array]:
        """Exact numbers; what is declared missing, by its quality or a null mark, is 0 with quality 0."""
        column = self._table.columns["value"]
        decimals = exact_column(column, self._flow.decimal)
        broken = decimals.broken.copy()
        # Typed integers are whole by themselves, and without null marks nobody has to read them as text.
        if self._flow.null_marks or not pa.types.is_integer(column.type):
            marks = pa.array([mark.strip() for mark in self._flow.null_marks], pa.string())
            bare = pc.utf8_trim_whitespace(pc.fill_null(_as_text(column), ""))
            quality[_mask(pc.is_in(bare, value_set=marks))] = int(Quality.MISSING)
            if self._layout.whole:
                # A column of floating point holds no whole numbers, whatever they look like.
                broken |= pa.types.is_floating(column.type) | ~_mask(pc.match_substring_regex(bare, _WHOLE))
        missing = quality == int(Quality.MISSING)
        name = self._name("value")
        what = "a whole number" if self._layout.whole else f"a number with the decimal mark {self._flow.decimal!r}"
        self._refused.refuse(
            broken & ~missing,
            Code.R_SYNTAX,
            name,
            lambda at: f"{name} is {_shown(column[at].as_py())}, and must be {what} of at most 15 digits",
        )
        if not missing.any():
            return decimals.mantissa, decimals.exponent.astype(np.int8, copy=False)
        return np.where(missing, 0, decimals.mantissa), np.where(missing, 0, decimals.exponent).astype(np.int8)

    def _utc(self, labels: Int64Array, fixed: BoolArray, series: Int32Array, interval_s: Int32Array) -> Int64Array:
        """Starts in UTC; labels without offset by the clock of the flow, in the order of the file (rule V6)."""
        label = START if self._flow.kind == REGISTER else self._flow.label
        length_s = np.zeros(self._count, np.int64) if label == START else interval_s.astype(np.int64)
        found = labels - length_s + self._after_s
        local = np.flatnonzero(~fixed & self._refused.passed)
        if len(local) == 0:
            return found
        clock = LabelClock(self._flow.clock, label)
        starts = clock.starts(labels[local], series[local], interval_s[local])
        found[local] = starts.start_s + self._after_s
        for code, mask, reason in (
            (Code.T_NONEXISTENT, starts.nonexistent, "the local clock never showed this time"),
            (Code.T_AMBIGUOUS, starts.ambiguous, "the local clock showed this time twice: give it a UTC offset"),
        ):
            wrong = np.zeros(self._count, np.bool_)
            wrong[local] = mask
            self._refused.refuse(wrong, code, self._name("timestamp"), lambda _, reason=reason: reason)  # type: ignore[misc]
        if starts.ordered.any():
            self._notes[Code.T_ORDER] = int(starts.ordered.sum())
        return found

    def _texts(self) -> dict[int, str]:
        """The refused rows as read, by number: they may be mended and sent again."""
        names = {ours: self._name(ours) for ours in self._table.columns}
        return {
            int(self._table.row[at]): json.dumps(
                {names[ours]: column[at].as_py() for ours, column in self._table.columns.items()}, default=str
            )[:RAW_CHARACTERS]
            for at in self._refused.positions().tolist()
        }

    def _name(self, ours: str) -> str:
        return self._layout.names[ours]


def _encoded(column: pa.Array) -> tuple[Int32Array, list[str | None]]:
    """Positions into the distinct values of a column, which are text; a null is a value of its own."""
    if not pa.types.is_dictionary(column.type):
        column = pc.dictionary_encode(column, null_encoding="encode")
    elif column.null_count:
        column = pc.dictionary_encode(column.cast(column.type.value_type), null_encoding="encode")
    position = column.indices.to_numpy(zero_copy_only=False).astype(np.int32)
    return position, column.dictionary.cast(pa.string()).to_pylist()


def _as_text(column: pa.Array) -> pa.Array:
    """A column as text: a number that a file stored becomes the shortest that names it exactly."""
    return column.cast(pa.string())


def _mask(column: pa.Array) -> BoolArray:
    return np.asarray(pc.fill_null(column, False).to_numpy(zero_copy_only=False), np.bool_)


def _interval_s(text: str | None) -> int:
    """A length in seconds, 0 for anything that is none."""
    digits = (text or "").strip()
    if not digits.isascii() or not digits.isdigit() or len(digits) > 5:
        return 0
    return int(digits) if int(digits) <= _MAX_INTERVAL_S else 0


def _shown(value: object) -> str:
    return "empty" if value in (None, "") else repr(value)[:42]
