"""Rules V7 and V8 for intervals: labels near a boundary move onto it, and parts of a quarter of an hour are added."""

from dataclasses import dataclass

import numpy as np

from gettone.metering.energy import Energies, sum_exactly
from gettone.metering.exact import BoolArray
from gettone.metering.received import Int8Array, Int16Array, Int32Array, Int64Array
from gettone.metering.registry import SLOT_S
from gettone.types import Quality

# A sum is as good as its worst part, in this order.
_FROM_BEST = (Quality.ACTUAL, Quality.CORRECTED, Quality.ESTIMATED, Quality.SUBSTITUTED, Quality.MISSING)
_BADNESS = np.array([_FROM_BEST.index(quality) for quality in Quality], np.int8)
_OF_BADNESS = np.array([int(quality) for quality in _FROM_BEST], np.int8)


def snap(start_s: Int64Array, length_s: Int64Array, snap_s: int) -> tuple[Int64Array, Int64Array]:
    """V7: starts on their boundary where they are within `snap_s` of it, and how far the others lie after one [s].

    length_s: of each interval [s], 1 or more.  Never farther than half an interval, where two boundaries compete.
    """
    after_s = start_s % length_s
    if not after_s.any():
        return start_s, after_s
    nearest_s = np.where(2 * after_s > length_s, after_s - length_s, after_s)
    near = np.abs(nearest_s) <= np.minimum(snap_s, (length_s - 1) // 2)
    return np.where(near, start_s - nearest_s, start_s), np.where(near, 0, after_s)


def weakest_quality(quality: Int8Array, starts: Int64Array) -> Int8Array:
    """The worst quality of each group; group i holds the values from starts[i] on."""
    worst: Int8Array = _OF_BADNESS[np.maximum.reduceat(_BADNESS[quality], starts)]
    return worst


def weaker_quality(one: Int8Array, other: Int8Array) -> Int8Array:
    """The worse of two qualities, by element."""
    worse: Int8Array = _OF_BADNESS[np.maximum(_BADNESS[one], _BADNESS[other])]
    return worse


@dataclass(frozen=True, slots=True)
class Parts:
    """Rows shorter than a quarter of an hour, columns of equal length.

    at: position of the row in the batch.  channel: position of the channel.  Starts are on boundaries of
    `length_s`, which divides 900.
    """

    at: Int64Array
    channel: Int32Array
    start_s: Int64Array
    length_s: Int64Array
    energy: Energies
    quality: Int8Array
    rank: Int16Array

    def take(self, chosen: BoolArray | Int64Array) -> "Parts":
        """The parts at positions or under a mask."""
        return Parts(
            self.at[chosen],
            self.channel[chosen],
            self.start_s[chosen],
            self.length_s[chosen],
            self.energy.take(chosen),
            self.quality[chosen],
            self.rank[chosen],
        )


@dataclass(frozen=True, slots=True)
class Assembled:
    """What became of parts, by position of their rows.

    channel, slot, wh, quality, rank: one row per complete quarter of an hour, as weak as its weakest part.
    member, member_of: positions of all rows behind them, and which one each stands in.  equal: how many rows repeat
    another.  conflicting, partial: rows that disagree, and rows of quarters that are not complete.
    """

    channel: Int32Array
    slot: Int64Array
    wh: Int64Array
    quality: Int8Array
    rank: Int16Array
    member: Int64Array
    member_of: Int64Array
    equal: int
    conflicting: Int64Array
    partial: Int64Array


def assemble(parts: Parts) -> Assembled:
    """V8: the sum of the parts of each quarter of an hour if all are there, else nothing; V12 among parts.

    Parts may come in any order.  A part given twice counts once, with the best rank, if both say the same; else all
    its rows conflict.
    """
    parts = parts.take(np.lexsort((-parts.rank, parts.length_s, parts.start_s, parts.channel)))
    distinct, conflicting, equal = _without_repeats(parts)
    slot = distinct.start_s // SLOT_S
    starts = _group_starts(distinct.channel, slot)
    sizes = np.diff(np.append(starts, len(slot)))
    group = np.repeat(np.arange(len(starts)), sizes)
    length_s = distinct.length_s[starts]
    whole = sizes * length_s == SLOT_S
    if len(starts):
        whole &= np.logical_and.reduceat(distinct.length_s == length_s[group], starts)
        whole &= np.logical_and.reduceat(distinct.quality != Quality.MISSING, starts)
    complete = distinct.take(whole[group]) if len(starts) else distinct
    firsts = _group_starts(complete.channel, complete.start_s // SLOT_S)
    return Assembled(
        complete.channel[firsts],
        complete.start_s[firsts] // SLOT_S,
        sum_exactly(complete.energy, firsts),
        weakest_quality(complete.quality, firsts) if len(firsts) else complete.quality,
        np.minimum.reduceat(complete.rank, firsts) if len(firsts) else complete.rank,
        complete.at,
        np.repeat(np.arange(len(firsts)), np.diff(np.append(firsts, len(complete.at)))),
        equal,
        conflicting,
        distinct.at[~whole[group]] if len(starts) else distinct.at,
    )


def _without_repeats(parts: Parts) -> tuple[Parts, Int64Array, int]:
    """One of the parts that say the same about the same time; positions of those that disagree; how many repeat."""
    starts = _group_starts(parts.channel, parts.start_s, parts.length_s)
    if len(starts) == len(parts.at):
        return parts, np.empty(0, np.int64), 0
    exact = parts.energy.canonical()
    group = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(parts.at))))
    first = starts[group]
    same = (exact.numerator == exact.numerator[first]) & (exact.places == exact.places[first])
    same &= parts.quality == parts.quality[first]
    agreed = np.logical_and.reduceat(same, starts)
    repeats = int(agreed[group].sum() - agreed.sum())
    return parts.take(starts[agreed]), parts.at[~agreed[group]], repeats


def _group_starts(*keys: Int64Array | Int32Array) -> Int64Array:
    """Where the groups of equal keys begin in sorted columns."""
    if len(keys[0]) == 0:
        return np.empty(0, np.int64)
    new = np.ones(len(keys[0]), np.bool_)
    new[1:] = False
    for key in keys:
        new[1:] |= key[1:] != key[:-1]
    return np.flatnonzero(new)
