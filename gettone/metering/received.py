"""Rows of a batch as a format hands them to the rules: by column, with values that are still exact.

A format (file, message, distributor flow) only reads: it names devices, instants in UTC and numbers as they were
written.  What a number means in Wh, and whether it may count, is decided by the rules.
"""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gettone.metering.codes import Code

Int8Array = NDArray[np.int8]
Int16Array = NDArray[np.int16]
Int32Array = NDArray[np.int32]
Int64Array = NDArray[np.int64]

NO_DIRECTION = -1


class Unit(IntEnum):
    """What a received number counts (rule V4); the last one is any other, as the source wrote it."""

    WH = 0
    KWH = 1
    MWH = 2
    W = 3
    KW = 4
    UNKNOWN = 5


class Rejected(NamedTuple):
    """A refused row: its number, code, column and reason in words (which may name the device)."""

    row: int
    code: Code
    field: str
    reason: str


class BandTotal(NamedTuple):
    """What a source says the readings of [from_s, to_s) [unix s, UTC] of a device sum to, in one band or in all.

    band: F1 to F6, or empty for the whole.  The number is `mantissa` x 10**`exponent` of its unit; rule V15
    compares it with the readings.
    """

    device: str
    direction: int
    from_s: int
    to_s: int
    band: str
    mantissa: int
    exponent: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Received:
    """Interval rows of one batch, columns of equal length n; a number is `mantissa` x 10**`exponent` of its unit.

    row: number in the source, from 1.  device: position in `devices`, the outside ids as the source wrote them
    (personal data).  direction: 0..5, or NO_DIRECTION where the row does not say.  start_s: UTC [unix s].
    interval_s: length [s].  quality: 0 (a declared gap; its number is 0) to 4.
    broken: rows that could not be read, with the rule they broke; texts: rows as received by number, for the
    rejects, filled at least for the broken ones.  notes: findings of a format that refuse nothing (T_ORDER,
    X_PADDING, T_SNAPPED), counted.  ignored_columns: what the source also had.  source_class: that of each row,
    0 where it is the flow's; None if it is the flow's everywhere.  totals: sums that came with the rows.
    """

    devices: tuple[str, ...]
    row: Int64Array
    device: Int32Array
    direction: Int8Array
    start_s: Int64Array
    interval_s: Int32Array
    mantissa: Int64Array
    exponent: Int8Array
    unit: Int8Array
    quality: Int8Array
    broken: tuple[Rejected, ...] = ()
    texts: dict[int, str] = field(default_factory=dict)
    notes: dict[Code, int] = field(default_factory=dict)
    ignored_columns: tuple[str, ...] = ()
    source_class: Int8Array | None = None
    totals: tuple[BandTotal, ...] = ()

    @property
    def rows_in(self) -> int:
        """Rows of the source: those that were read and those that were not."""
        return len(self.row) + len(self.broken)


@dataclass(frozen=True, slots=True)
class ReceivedRegisters:
    """Readings of cumulative registers of one batch, columns of equal length n, in the order of the source.

    at_s: instant of reading, UTC [unix s]; the other columns as in `Received`.  The rules turn them into intervals
    with the last register each channel is known by (rules V7 and V10).
    """

    devices: tuple[str, ...]
    row: Int64Array
    device: Int32Array
    direction: Int8Array
    at_s: Int64Array
    mantissa: Int64Array
    exponent: Int8Array
    unit: Int8Array
    quality: Int8Array
    broken: tuple[Rejected, ...] = ()
    texts: dict[int, str] = field(default_factory=dict)
    notes: dict[Code, int] = field(default_factory=dict)
    ignored_columns: tuple[str, ...] = ()
    source_class: Int8Array | None = None

    @property
    def rows_in(self) -> int:
        """Rows of the source: those that were read and those that were not."""
        return len(self.row) + len(self.broken)
