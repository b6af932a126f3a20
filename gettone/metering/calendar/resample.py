"""Readings of one channel over coarser steps of the calendar, in whole numbers; a missing slot stays visible."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

import numpy as np
from numpy.typing import NDArray

SLOT_S = 900
HOUR_SLOTS = 4
SLOT, HOUR, DAY, MONTH = "slot", "hour", "day", "month"
RESOLUTIONS = (SLOT, HOUR, DAY, MONTH)
AGGREGATES = ("sum", "mean", "min", "max")

Int64Array = NDArray[np.int64]
Int8Array = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Buckets:
    """Columns of equal length, one entry a bucket.

    start: first slot.  wh: Wh, 0 where `known` is 0.  known, expected: native intervals with a value, and in all.
    quality: the lowest found, 0 where an interval is missing.
    """

    start: Int64Array
    wh: Int64Array
    known: Int64Array
    expected: Int64Array
    quality: Int8Array


@dataclass(frozen=True, slots=True)
class Span:
    """Where readings begin, and the native step of their channel [s]: 900, 1800 or 3600."""

    from_slot: int
    step_s: int


def resample(wh: Int64Array, quality: Int8Array, span: Span, resolution: str, aggregate: str, zone: tzinfo) -> Buckets:
    """Aggregate readings, given for each slot of 900 s from `span.from_slot` on, over buckets of a resolution.

    The value of a longer native interval stands in its first slot.  Days and months
    begin at midnight of `zone`.  A mean is rounded half-even.  An interval belongs to the bucket it begins in.
    """
    stride = span.step_s // SLOT_S
    offset = -span.from_slot % stride
    native_wh, native_quality = wh[offset::stride], quality[offset::stride]
    starts = np.arange(len(native_wh), dtype=np.int64) * stride + span.from_slot + offset
    edges = starts if resolution == SLOT else _edges(starts, resolution, zone)
    first = np.searchsorted(starts, edges) if len(starts) else np.zeros(0, np.int64)
    return _reduced(edges, first, native_wh, native_quality, aggregate)


def _reduced(edges: Int64Array, first: NDArray[np.intp], wh: Int64Array, quality: Int8Array, aggregate: str) -> Buckets:
    if not len(edges):
        empty = np.zeros(0, np.int64)
        return Buckets(empty, empty, empty, empty, np.zeros(0, np.int8))
    there = quality > 0
    known = np.add.reduceat(there.astype(np.int64), first)
    expected = np.diff(np.append(first, len(wh))).astype(np.int64)
    if aggregate in ("min", "max"):
        limits = np.iinfo(np.int64)
        reduce, absent = (np.minimum, limits.max) if aggregate == "min" else (np.maximum, limits.min)
        total = reduce.reduceat(np.where(there, wh, absent), first)
    else:
        total = np.add.reduceat(np.where(there, wh, 0), first)
        total = _half_even(total, known) if aggregate == "mean" else total
    return Buckets(edges, np.where(known > 0, total, 0), known, expected, np.minimum.reduceat(quality, first))


def _half_even(numerator: Int64Array, denominator: Int64Array) -> Int64Array:
    """`numerator` / `denominator` rounded half-even; a denominator of 0 gives 0."""
    divisor = np.maximum(denominator, 1)
    quotient, rest = np.divmod(numerator, divisor)
    up = (2 * rest > divisor) | ((2 * rest == divisor) & (quotient % 2 == 1))
    rounded: Int64Array = quotient + up
    return rounded


def _edges(starts: Int64Array, resolution: str, zone: tzinfo) -> Int64Array:
    """First native slot of each bucket that holds one of `starts`."""
    if not len(starts):
        return starts
    if resolution == HOUR:
        group = starts // HOUR_SLOTS
    else:
        bounds = np.array(list(_midnights(int(starts[0]), int(starts[-1]), resolution, zone)), np.int64)
        group = np.searchsorted(bounds, starts, side="right")
    edges: Int64Array = starts[np.append(True, group[1:] != group[:-1])]
    return edges


def _midnights(first_slot: int, last_slot: int, resolution: str, zone: tzinfo) -> Iterator[int]:
    """Slots of the local midnights in (first, last] at which a bucket of the calendar begins."""
    day = datetime.fromtimestamp(first_slot * SLOT_S, UTC).astimezone(zone).date()
    while True:
        day += timedelta(days=1)
        if resolution == MONTH and day.day != 1:
            continue
        # A midnight inside a slot of 900 s leaves that slot in the day before.
        slot = -(-int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp()) // SLOT_S)
        if slot > last_slot:
            return
        yield slot
