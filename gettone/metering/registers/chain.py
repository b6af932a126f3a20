"""Registers of a channel in a chain: what was counted between two readings, and what it was on each boundary.

Rules V7 and V10 of the metering specification §4, by column; only meter changes, roll-overs and resets are looked at
one by one.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from gettone.metering.exact import BoolArray, rhe_array
from gettone.metering.received import Int8Array, Int32Array, Int64Array
from gettone.metering.registry import SLOT_S, ChannelTable, MeterChange
from gettone.metering.rules.bounds import bound_wh

WITHIN_S = SLOT_S
"""A boundary is interpolated between two readings that are nearer to it than this [s]."""


class Readings(NamedTuple):
    """Registers sorted by (channel id, instant), one per instant, columns of equal length.

    at: position of the row in the batch, -1 for a stored base.  channel: position in the table.  at_s: UTC [unix s].
    wh: rounded.  step_s: of the channel.  joined: as in `RegisterBases`; False for new ones.
    """

    at: Int64Array
    channel: Int32Array
    channel_id: Int32Array
    at_s: Int64Array
    wh: Int64Array
    quality: Int8Array
    step_s: Int64Array
    joined: BoolArray

    def take(self, chosen: BoolArray | Int64Array) -> "Readings":
        """The readings at positions or under a mask."""
        return Readings(
            self.at[chosen],
            self.channel[chosen],
            self.channel_id[chosen],
            self.at_s[chosen],
            self.wh[chosen],
            self.quality[chosen],
            self.step_s[chosen],
            self.joined[chosen],
        )

    @property
    def is_new(self) -> BoolArray:
        """Which of them came with the batch."""
        return np.asarray(self.at >= 0, np.bool_)


@dataclass(frozen=True, slots=True)
class Chain:
    """Readings with what was counted up to each of them since the one before.

    rolled, changed, reset: readings before which the register rolled over, the meter was changed, or the register
    fell without a reason (V10).  counted_wh: a register without any of these, comparable within one segment.
    segment: number of the stretch of one channel without a reset.
    """

    readings: Readings
    rolled: BoolArray
    changed: BoolArray
    reset: BoolArray
    counted_wh: Int64Array
    segment: Int64Array


class Boundaries(NamedTuple):
    """What registers were on boundaries of the steps, sorted by (channel id, instant).

    at_s: UTC [unix s].  counted_wh: as in `Chain`.  before, after: positions of the readings that tell it, the same
    one where it was read exactly on the boundary.
    """

    at_s: Int64Array
    counted_wh: Int64Array
    before: Int64Array
    after: Int64Array


def chain_of(readings: Readings, table: ChannelTable, sign: int) -> Chain:
    """Link each reading to the one before it; `sign` is -1 where the flow turns numbers round."""
    follows = np.zeros(len(readings.at), np.bool_)
    follows[1:] = readings.channel_id[1:] == readings.channel_id[:-1]
    counted = np.zeros(len(readings.at), np.int64)
    counted[1:] = np.where(follows[1:], np.diff(readings.wh), 0)
    rolled, changed, reset = (np.zeros(len(readings.at), np.bool_) for _ in range(3))
    may_change = np.array([bool(one.changes) for one in table.channels], np.bool_)
    for at in np.flatnonzero(follows & ((counted < 0) | may_change[readings.channel])):
        changes = _changes_between(readings, table, int(at))
        found = _over_changes(readings, changes, int(at)) if changes else _rolled_over(readings, table, int(at), sign)
        if changes:
            changed[at] = found is not None
        elif counted[at] < 0:
            rolled[at] = found is not None
        else:
            continue
        reset[at], counted[at] = found is None, found or 0
    segment = np.cumsum(~follows | reset, dtype=np.int64)
    return Chain(readings, rolled, changed, reset, np.cumsum(counted), segment)


def _changes_between(readings: Readings, table: ChannelTable, at: int) -> list[MeterChange]:
    first_s, last_s = int(readings.at_s[at - 1]), int(readings.at_s[at])
    return [one for one in table.channels[int(readings.channel[at])].changes if first_s < one.at_s <= last_s]


def _over_changes(readings: Readings, changes: list[MeterChange], at: int) -> int | None:
    """(final - old) + (new - initial), over all meters between; None where one of them ran backwards."""
    ends = [(int(readings.wh[at - 1]), changes[0].old_final_wh)]
    ends += [(one.new_initial_wh, other.old_final_wh) for one, other in pairwise(changes)]
    ends.append((changes[-1].new_initial_wh, int(readings.wh[at])))
    steps = [last - first for first, last in ends]
    return sum(steps) if min(steps) >= 0 else None


def _rolled_over(readings: Readings, table: ChannelTable, at: int, sign: int) -> int | None:
    """The difference over a register that began again at zero, None where it would be beyond the bound (V11)."""
    channel = table.channels[int(readings.channel[at])]
    if channel.digits is None:
        return None
    wh = int(readings.wh[at] - readings.wh[at - 1]) + 10**channel.digits * 1000
    device = table.devices[int(table.device[readings.channel[at]])]
    contract = device.contract_at(int(readings.at_s[at]) // SLOT_S) if device is not None else None
    length_s = int(readings.at_s[at] - readings.at_s[at - 1])
    return wh if 0 <= wh <= bound_wh(channel.direction, contract, sign * wh, length_s) else None


def boundaries_of(chain: Chain) -> Boundaries:
    """Registers on boundaries: as read there, or on the straight line between two readings near it (V7)."""
    readings = chain.readings
    exact = np.flatnonzero(readings.at_s % readings.step_s == 0)
    after = np.flatnonzero(_interpolated(chain))
    before = after - 1
    first_s, last_s = readings.at_s[before], readings.at_s[after]
    boundary_s = last_s // readings.step_s[after] * readings.step_s[after]
    first_wh = chain.counted_wh[before]
    part_wh = rhe_array((chain.counted_wh[after] - first_wh) * (boundary_s - first_s), np.maximum(last_s - first_s, 1))
    found = Boundaries(
        np.concatenate((readings.at_s[exact], boundary_s)),
        np.concatenate((chain.counted_wh[exact], first_wh + part_wh)),
        np.concatenate((exact, before)),
        np.concatenate((exact, after)),
    )
    order = np.lexsort((found.at_s, readings.channel_id[found.after]))
    return Boundaries(*(column[order] for column in found))


def runs_of_readings(chain: Chain) -> Int64Array:
    """Number of the run of each reading: no boundary between the readings of a run is unknown."""
    readings = chain.readings
    told = (_boundaries_between(readings) == 0) | _interpolated(chain) | inside_told(readings)
    joined = _same_segment(chain) & told
    return np.cumsum(~joined, dtype=np.int64)


def bases_kept(chain: Chain, boundaries: Boundaries) -> tuple[Readings, BoolArray]:
    """The readings with what they are joined to, and which of them later ones may be counted from.

    These are the ends of runs, and what tells the outer boundaries of each.
    """
    run = runs_of_readings(chain)
    kept = np.zeros(len(run), np.bool_)
    for ends in _outer(run):
        kept[ends] = True
    for ends in _outer(run[boundaries.after]):
        kept[boundaries.before[ends]] = kept[boundaries.after[ends]] = True
    at = np.flatnonzero(kept)
    joined = np.zeros(len(run), np.bool_)
    joined[at[1:]] = run[at[1:]] == run[at[:-1]]
    return chain.readings._replace(joined=joined), kept


def inside_told(readings: Readings) -> BoolArray:
    """Readings up to a stored base that is joined: what lies there was told when the readings between were there."""
    count = len(readings.at)
    position = np.where(readings.is_new, count, np.arange(count))
    following = np.minimum.accumulate(position[::-1])[::-1]
    some = following < count
    following = np.minimum(following, max(count - 1, 0))
    same = readings.channel_id[following] == readings.channel_id
    return np.asarray(some & same & readings.joined[following], np.bool_)


def _outer(run: Int64Array) -> tuple[Int64Array, Int64Array]:
    """Positions of the first and of the last of each run."""
    changes = np.flatnonzero(np.diff(run)) + 1
    count = len(run)
    if count == 0:
        return changes, changes
    return np.append(0, changes), np.append(changes - 1, count - 1)


def _same_segment(chain: Chain) -> BoolArray:
    same = np.zeros(len(chain.segment), np.bool_)
    same[1:] = chain.segment[1:] == chain.segment[:-1]
    return same


def _boundaries_between(readings: Readings) -> Int64Array:
    """How many boundaries lie strictly between each reading and the one before."""
    count = np.zeros(len(readings.at), np.int64)
    count[1:] = (readings.at_s[1:] - 1) // readings.step_s[1:] - readings.at_s[:-1] // readings.step_s[1:]
    return count


def _interpolated(chain: Chain) -> BoolArray:
    """Readings that, with the one before, tell the boundary between both."""
    readings = chain.readings
    boundary_s = readings.at_s // readings.step_s * readings.step_s
    near = np.zeros(len(readings.at), np.bool_)
    first_s = readings.at_s[:-1]
    near[1:] = (boundary_s[1:] > first_s) & (boundary_s[1:] - first_s < WITHIN_S)
    off_s = readings.at_s - boundary_s
    return near & (off_s > 0) & (off_s < WITHIN_S) & _same_segment(chain)
