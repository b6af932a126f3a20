"""Readings of many channels as the rules after a merge look at them: dense, over whole local days."""

from dataclasses import dataclass

import numpy as np

from gettone.metering.checks.sequences import BoolArray
from gettone.metering.received import Int8Array, Int64Array
from gettone.types import Direction

SLOT_S = 900
OUTWARD = (Direction.INJECTION, Direction.PRODUCTION)


@dataclass(frozen=True, slots=True)
class Bounds:
    """The bounds of V11 by row of a block and first column they hold from, sorted by both; in Wh a slot.

    Each row has one from column 0 on; a change of contract adds another.
    """

    row: Int64Array
    column: Int64Array
    inward_wh: Int64Array
    outward_wh: Int64Array

    def at(self, row: Int64Array, column: Int64Array, outward: BoolArray) -> Int64Array:
        """The bounds in force at positions, for energy that comes in or goes out."""
        width = np.int64(1) << 32
        found = np.searchsorted(self.row * width + self.column, row * width + column, side="right") - 1
        return np.where(outward, self.outward_wh[found], self.inward_wh[found])


@dataclass(frozen=True, slots=True)
class Block:
    """Channels of one step; the matrices are [channels, native slots].

    channel_id, direction: one for each row.  first_slot: slot (900 s) of column 0.
    wh: signed Wh of the current value; where nothing is current, of the value that waits for a person, else 0.
    quality: 0..4 of the current value; 2 also where an estimate of V7 stands.  received: a source stated a measured
    value, current or waiting, that no person has accepted as it is.  held: a value waits for a person.
    expected: wholly inside a membership.  firsts: the first column of each local day, from 0 on.
    """

    channel_id: Int64Array
    direction: Int8Array
    step_s: int
    first_slot: int
    wh: Int64Array
    quality: Int8Array
    received: BoolArray
    held: BoolArray
    expected: BoolArray
    firsts: Int64Array
    bounds: Bounds

    @property
    def stride(self) -> int:
        """Slots of 900 s from one column to the next."""
        return self.step_s // SLOT_S

    def slot_of(self, column: Int64Array) -> Int64Array:
        """The slots of columns."""
        return self.first_slot + column * self.stride

    def bound_wh(self, row: Int64Array, column: Int64Array, wh: Int64Array) -> Int64Array:
        """The bound of V11 for one slot at positions; the sign of `wh` tells an exchange's direction."""
        direction = self.direction[row]
        outward = np.isin(direction, OUTWARD) | ((direction == Direction.EXCHANGE) & (wh < 0))
        return self.bounds.at(row, column, outward)
