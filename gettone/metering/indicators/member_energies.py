"""From the readings of channels to the energies of members (metering specification §5; ADR 0046).

A member slot counts only whole: while one of the channels that the member holds then has no value, all four
energies of that slot are 0 and the slot is not covered, so that a dead plant meter never looks like consumption.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from gettone.metering.indicators.arithmetic import BoolArray, Int64Array
from gettone.metering.indicators.energies import Energies
from gettone.types import Direction

SLOT_S = 900
GRID = (Direction.EXCHANGE, Direction.WITHDRAWAL, Direction.INJECTION)
# A block of members is worked on at a time, so that what lies between stays in the cache of the processor.
_BLOCK_BYTES = 1 << 20

Int8Array = npt.NDArray[np.int8]
Number = TypeVar("Number", np.int64, np.int8, np.bool_)


@dataclass(frozen=True, slots=True)
class Part:
    """A channel in a member's hands over [from_slot, to_slot), in slots of 900 s.

    channel: row of the channel in the dense arrays.  member: row of the member in the result.
    point: number of the connection point; readings of grid channels with one number are netted with sign.
    """

    channel: int
    member: int
    point: int
    direction: Direction
    step_s: int
    from_slot: int
    to_slot: int


@dataclass(frozen=True, slots=True)
class Readings:
    """Dense readings: signed Wh int64 and quality int8, both [channels, slots of 900 s] from `from_slot` on.

    A reading stands at the first quarter of its interval; quality 0 is no value.
    """

    from_slot: int
    wh: Int64Array
    quality: Int8Array

    @property
    def slots(self) -> int:
        """Quarters of the range."""
        return int(self.wh.shape[1])


def coarsest_step_s(parts: Sequence[Part]) -> int:
    """The longest step [s] among channels; 900 where there is none."""
    return max((one.step_s for one in parts), default=SLOT_S)


def member_energies(readings: Readings, parts: Sequence[Part], members: int, step_s: int) -> Energies:
    """Energies of `members` members per slot of `step_s` [s], a multiple of every step among the parts.

    Each member is computed at the coarsest step of the own channels and summed up from there.  W and J are positive
    and negative part of each connection point; without a grid meter those of load + storage - production.  P is the
    production meter; L the load meter, or W - J + P - storage, not below 0; without a production meter L = W, P = J.
    """
    quarters = step_s // SLOT_S
    shape = (members, readings.slots // quarters)
    flows = [np.zeros(shape, np.int64) for _ in range(4)]
    counts = [np.zeros(shape, np.int8) for _ in range(3)]
    has_plant = np.zeros(members, np.bool_)
    for rows, own, own_step_s in _groups(parts, readings.slots):
        block = _Block(readings, own, rows, own_step_s)
        finer = step_s // own_step_s
        for target, found in zip(flows, block.flows(), strict=True):
            target[rows] = found if finer == 1 else _summed(found, finer)
        for count, held in zip(counts, block.counts(), strict=True):
            whole = held.astype(np.int8) * (own_step_s // SLOT_S)
            count[rows] = whole if finer == 1 else _summed(whole, finer)
        has_plant[rows] = block.has(Direction.PRODUCTION)
    load, production, withdrawn, injected = flows
    expected, covered, measured = counts
    return Energies(step_s, load, production, withdrawn, injected, expected, covered, measured, has_plant)


def _groups(parts: Sequence[Part], slots: int) -> Iterator[tuple[npt.NDArray[np.intp], list[Part], int]]:
    """Members with one step, a block at a time: their rows, ascending, their parts, and the step [s]."""
    by_member: dict[int, list[Part]] = defaultdict(list)
    for one in parts:
        by_member[one.member].append(one)
    by_step: dict[int, list[int]] = defaultdict(list)
    for member in sorted(by_member):
        by_step[coarsest_step_s(by_member[member])].append(member)
    for step_s, members in by_step.items():
        size = max(1, _BLOCK_BYTES * (step_s // SLOT_S) // (8 * max(slots, 1)))
        for first in range(0, len(members), size):
            chosen = members[first : first + size]
            yield np.array(chosen), [part for member in chosen for part in by_member[member]], step_s


class _Block:
    """The parts of some members at one step, as arrays [parts, slots of the step]."""

    def __init__(self, readings: Readings, parts: list[Part], rows: npt.NDArray[np.intp], step_s: int) -> None:
        self._members = len(rows)
        self._member = np.searchsorted(rows, [one.member for one in parts])
        self._point = [one.point for one in parts]
        self._direction = np.array([one.direction for one in parts])
        channels = np.array([one.channel for one in parts])
        self._wh, present, measured = _at_step(readings, channels, [one.step_s for one in parts], step_s)
        self._inside = _inside(readings.from_slot, parts, self._wh.shape[1], step_s // SLOT_S)
        if self._inside is not None:
            # What lies outside membership neither counts nor is missed.
            self._wh = self._wh * self._inside
            present, measured = present | ~self._inside, measured | ~self._inside
        held = np.ones_like(present) if self._inside is None else self._inside
        self._expected = self._any(held)
        self._covered = self._expected & ~self._any(~present)
        self._measured = self._covered & ~self._any(~measured)

    def counts(self) -> tuple[BoolArray, BoolArray, BoolArray]:
        """Whether a member's slot is expected, covered, measured."""
        return self._expected, self._covered, self._measured

    def has(self, *directions: Direction) -> BoolArray:
        """Which members hold a channel of one of these directions."""
        found = np.zeros(self._members, np.bool_)
        found[self._member[np.isin(self._direction, directions)]] = True
        return found

    def flows(self) -> tuple[Int64Array, Int64Array, Int64Array, Int64Array]:
        """L, P, W, J of every member, 0 where the slot is not covered."""
        withdrawn, injected = self._grid()
        has_grid, has_plant, has_load = self.has(*GRID), self.has(Direction.PRODUCTION), self.has(Direction.LOAD)
        storage = self._total(Direction.STORAGE)
        production = -self._total(Direction.PRODUCTION)
        load = self._total(Direction.LOAD)
        if not has_grid.all():
            net = load + storage - production
            withdrawn = np.where(has_grid[:, None], withdrawn, np.maximum(net, 0))
            injected = np.where(has_grid[:, None], injected, np.maximum(-net, 0))
        if not has_load.all():
            behind = np.maximum(withdrawn - injected + production - storage, 0)
            load = np.where(has_load[:, None], load, behind)
        load = np.where(has_plant[:, None], load, withdrawn)
        production = np.where(has_plant[:, None], production, injected)
        covered = self._covered
        return load * covered, production * covered, withdrawn * covered, injected * covered

    def _grid(self) -> tuple[Int64Array, Int64Array]:
        """W and J of every member: positive and negative part of the readings netted at each connection point."""
        shape = (self._members, self._wh.shape[1])
        withdrawn, injected = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        chosen = np.flatnonzero(np.isin(self._direction, GRID))
        if not chosen.size:
            return withdrawn, injected
        points, first, point = np.unique([self._point[one] for one in chosen], return_index=True, return_inverse=True)
        exchange = _added(self._wh[chosen], point, len(points))
        member = self._member[chosen][first]
        return (
            _added(np.maximum(exchange, 0), member, self._members),
            _added(np.maximum(-exchange, 0), member, self._members),
        )

    def _total(self, direction: Direction) -> Int64Array:
        chosen = np.flatnonzero(self._direction == direction)
        return _added(self._wh[chosen], self._member[chosen], self._members)

    def _any(self, marks: BoolArray) -> BoolArray:
        return _added(marks, self._member, self._members)


def _added(values: npt.NDArray[Number], target: npt.NDArray[np.intp], size: int) -> npt.NDArray[Number]:
    """Rows of `values` added up in the rows `target` of a new array (for marks: any of them)."""
    if len(target) == size and np.array_equal(target, np.arange(size)):
        return values
    sums = np.zeros((size, values.shape[1]), values.dtype)
    rest = np.arange(len(target))
    while rest.size:
        # The first row of each target at a time: such an assignment adds every row exactly once.
        chosen = rest[np.unique(target[rest], return_index=True)[1]]
        sums[target[chosen]] += values[chosen]
        rest = np.setdiff1d(rest, chosen, assume_unique=True)
    return sums


def _at_step(
    readings: Readings, channels: npt.NDArray[np.intp], steps_s: Sequence[int], step_s: int
) -> tuple[Int64Array, BoolArray, BoolArray]:
    """Wh, whether there is a value, whether it is measured, of channels at a step that holds theirs."""
    wh, quality = readings.wh[channels], readings.quality[channels]
    quarters = step_s // SLOT_S
    if quarters > 1:
        own = np.array(steps_s) // SLOT_S
        # Quarters at which a channel has no reading by its step are no gap, and hold 0 Wh.
        between = (np.arange(quarters) % own[:, None]) != 0
        split = quality.reshape(len(channels), -1, quarters)
        present = ((split > 0) | between[:, None, :]).all(axis=2)
        measured = ((split & 1 == 1) | between[:, None, :]).all(axis=2)
        return _summed(wh, quarters), present, measured
    return wh, quality > 0, quality & 1 == 1


def _inside(from_slot: int, parts: Sequence[Part], slots: int, quarters: int) -> BoolArray | None:
    """Which slots lie wholly inside the holding of each part; None if all do."""
    last = from_slot + slots * quarters
    if all(one.from_slot <= from_slot and one.to_slot >= last for one in parts):
        return None
    starts = from_slot + np.arange(slots) * quarters
    begins = np.array([one.from_slot for one in parts])[:, None]
    ends = np.array([one.to_slot for one in parts])[:, None]
    inside: BoolArray = (starts >= begins) & (starts + quarters <= ends)
    return inside


def _summed(values: npt.NDArray[Number], finer: int) -> npt.NDArray[Number]:
    """Sums of `finer` columns at a time."""
    sums: npt.NDArray[Number] = values.reshape(len(values), -1, finer).sum(axis=2, dtype=values.dtype)
    return sums
