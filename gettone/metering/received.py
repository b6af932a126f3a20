"""Rows of a batch as a format hands them to the rules: by column, with values that are still exact.

A format (file, message, distributor flow) only reads: it names devices, instants in UTC and numbers as they were
written.  What a number means in Wh, and whether it may count, is decided by the rules.
"""

import json
from dataclasses import dataclass, field
from decimal import Decimal
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gettone.metering.codes import Code
from gettone.periods import utc_text

Int8Array = NDArray[np.int8]
Int16Array = NDArray[np.int16]
Int32Array = NDArray[np.int32]
Int64Array = NDArray[np.int64]

NO_DIRECTION = -1
# The calendar of this program: 1971 up to and with 2105 [unix s].
FIRST_S, LAST_S = 31_536_000, 4_291_747_200


class Unit(IntEnum):
    """What a received number counts (rule V4); the last one is any other, as the source wrote it."""

    WH = 0
    KWH = 1
    MWH = 2
    W = 3
    KW = 4
    UNKNOWN = 5

    @property
    def symbol(self) -> str:
        """The unit as people write it, `Wh`; empty for an unknown one."""
        return _SYMBOLS[self]

    @classmethod
    def of(cls, symbol: str) -> "Unit":
        """The unit written as `Wh`, `kWh`, `MWh`, `W` or `kW`; UNKNOWN for anything else."""
        return cls(_SYMBOLS.index(symbol)) if symbol in _SYMBOLS else cls.UNKNOWN


_SYMBOLS = ("Wh", "kWh", "MWh", "W", "kW", "")


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
    k_mantissa, k_exponent: multiplier K that the source states with each number, both None for 1 everywhere; the
    configuration of the flow says whether it is applied (`k_factor`).
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
    k_mantissa: Int64Array | None = None
    k_exponent: Int8Array | None = None
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

    def raw_texts(self, wanted: set[int]) -> dict[int, str]:
        """Rows by number for the rejects: as received where the format kept them, else as read, as JSON."""
        return _texts(self, wanted)


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
    k_mantissa: Int64Array | None = None
    k_exponent: Int8Array | None = None
    broken: tuple[Rejected, ...] = ()
    texts: dict[int, str] = field(default_factory=dict)
    notes: dict[Code, int] = field(default_factory=dict)
    ignored_columns: tuple[str, ...] = ()
    source_class: Int8Array | None = None

    @property
    def rows_in(self) -> int:
        """Rows of the source: those that were read and those that were not."""
        return len(self.row) + len(self.broken)

    def raw_texts(self, wanted: set[int]) -> dict[int, str]:
        """Rows by number for the rejects: as received where the format kept them, else as read, as JSON."""
        return _texts(self, wanted)


def _texts(received: Received | ReceivedRegisters, wanted: set[int]) -> dict[int, str]:
    kept = {row: text for row, text in received.texts.items() if row in wanted}
    at = np.flatnonzero(np.isin(received.row, list(wanted - kept.keys())))
    instants = received.start_s if isinstance(received, Received) else received.at_s
    for one in map(int, at):
        values = {
            "device": received.devices[received.device[one]],
            "timestamp_utc": _instant_text(int(instants[one])),
            "interval_s": int(received.interval_s[one]) if isinstance(received, Received) else None,
            "value": decimal_text(int(received.mantissa[one]), int(received.exponent[one])),
            "unit": Unit(int(received.unit[one])).name,
            "quality": int(received.quality[one]),
            "direction": None if received.direction[one] == NO_DIRECTION else int(received.direction[one]),
        }
        kept[int(received.row[one])] = json.dumps(values)
    return kept


def _instant_text(instant_s: int) -> str:
    # A source may write milliseconds where seconds belong: that is no instant of any calendar.
    return utc_text(instant_s) if FIRST_S <= instant_s < LAST_S else f"{instant_s} s"


def decimal_text(mantissa: int, exponent: int) -> str:
    """A number as a person writes it.

    >>> decimal_text(187, -3), decimal_text(-15, 2), decimal_text(25, 0)
    ('0.187', '-1500', '25')
    """
    return format(Decimal(mantissa).scaleb(exponent), "f")
