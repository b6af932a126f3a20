"""Readings of many meters as one array, and the community sums of model 1 over it, in int64 without overflow.

Every product and sum is bounded before it is taken; where a bound does not fit int64, `Overflow` is raised and
the caller takes the plain path.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gettone.rewards.self_consumption import UWH_PER_WH, SelfConsumption

Int64Array = npt.NDArray[np.int64]

INT64_MAX = 2**63 - 1
_BLOCK_BYTES = 1 << 20


class Overflow(Exception):
    """A product or sum would not fit int64."""


@dataclass(frozen=True, slots=True)
class MeterMatrix:
    """Signed energies of the metering points of a community.

    energy_wh: int64 [points, metered slots], [Wh], withdrawal positive, a missing reading 0.
    first_point: int64 [members + 1]; the points of member i are the rows first_point[i] to first_point[i + 1] - 1.
    slots_per_total: metered slots that make one slot of the model.

    Invariants: members are in bytewise order of their ids; the columns are a multiple of slots_per_total.
    """

    energy_wh: Int64Array
    first_point: Int64Array
    slots_per_total: int = 1

    @property
    def members(self) -> int:
        """Number of members."""
        return len(self.first_point) - 1


@dataclass(frozen=True, slots=True)
class SharedSums:
    """What the community shared, and every member's part in it.

    total_withdrawn_wh, total_injected_wh: [slots of the model].  withdrawn_wh, injected_wh: [members].
    consumer_uwh, producer_uwh: credited energy [µWh] by day, [days, members].
    """

    total_withdrawn_wh: Int64Array
    total_injected_wh: Int64Array
    withdrawn_wh: Int64Array
    injected_wh: Int64Array
    consumer_uwh: Int64Array
    producer_uwh: Int64Array

    def scores_nwh(self, sharing: SelfConsumption) -> Int64Array:
        """Model-1 scores [nWh], [days, members]; raises Overflow where they exceed int64."""
        largest = [int(part.max(initial=0)) for part in (self.consumer_uwh, self.producer_uwh)]
        require_int64(1000 * sum(largest) * max(len(self.consumer_uwh), 1))
        share = sharing.consumer_share_permille
        scores: Int64Array = share * self.consumer_uwh + (1000 - share) * self.producer_uwh
        return scores


def share_energy(meters: MeterMatrix, first_slots: Sequence[int]) -> SharedSums:
    """Sum and share the energies of all meters; `first_slots` are the numbers of the slots that begin a day.

    Two passes in blocks of members, so that besides the input only a block is in memory.  Raises Overflow.
    """
    slots = meters.energy_wh.shape[1] // meters.slots_per_total
    if meters.energy_wh.size:
        largest = max(int(meters.energy_wh.max()), -int(meters.energy_wh.min()))
        require_int64(largest * meters.energy_wh.size)
    withdrawn, injected = np.zeros(slots, np.int64), np.zeros(slots, np.int64)
    own_withdrawn, own_injected = np.zeros(meters.members, np.int64), np.zeros(meters.members, np.int64)
    for members, w, j in _blocks(meters):
        withdrawn += w.sum(axis=1)
        injected += j.sum(axis=1)
        own_withdrawn[members], own_injected[members] = w.sum(axis=0), j.sum(axis=0)
    shared = np.minimum(withdrawn, injected)
    require_int64(UWH_PER_WH * int(shared.sum()))
    days = len(first_slots)
    consumer, producer = (np.zeros((days, meters.members), np.int64) for _ in range(2))
    for members, w, j in _blocks(meters):
        consumer[:, members] = _credited_by_day(w, withdrawn, shared, first_slots)
        producer[:, members] = _credited_by_day(j, injected, shared, first_slots)
    return SharedSums(withdrawn, injected, own_withdrawn, own_injected, consumer, producer)


def _blocks(meters: MeterMatrix) -> Iterator[tuple[slice, Int64Array, Int64Array]]:
    """Withdrawn and injected energy [Wh], [slots of the model, members], of one block after another."""
    first_point = meters.first_point
    columns = max(meters.energy_wh.shape[1], 1)
    step = max(1, _BLOCK_BYTES // (8 * columns) * meters.members // max(len(meters.energy_wh), 1))
    for first in range(0, meters.members, step):
        members = slice(first, min(first + step, meters.members))
        points = slice(int(first_point[members.start]), int(first_point[members.stop]))
        # One contiguous row per slot: the division by the slot's total is then by one number, which is fast.
        energy = meters.energy_wh[points].T.copy(order="C")
        withdrawn = np.maximum(energy, 0)
        np.subtract(withdrawn, energy, out=energy)
        starts = first_point[members.start : members.stop + 1] - first_point[members.start]
        yield members, _summed(withdrawn, meters, starts), _summed(energy, meters, starts)


def _summed(energy: Int64Array, meters: MeterMatrix, starts: Int64Array) -> Int64Array:
    """Energies [metered slots, points] summed to [slots of the model, members]."""
    if meters.slots_per_total > 1:
        energy = energy.reshape(len(energy) // meters.slots_per_total, meters.slots_per_total, energy.shape[1]).sum(
            axis=1
        )
    if np.array_equal(starts, np.arange(len(starts))):
        return energy
    # Sums from the left tolerate members without a point, which np.add.reduceat does not.
    sums = np.zeros((len(energy), energy.shape[1] + 1), np.int64)
    np.cumsum(energy, axis=1, out=sums[:, 1:])
    by_member: Int64Array = sums[:, starts[1:]] - sums[:, starts[:-1]]
    return by_member


def _credited_by_day(own: Int64Array, totals: Int64Array, shared: Int64Array, first_slots: Sequence[int]) -> Int64Array:
    """Credited energy [µWh] of a block by day: floor(10^6 * S * own / total) per slot; overwrites `own`."""
    largest = own.max(axis=1, initial=0)
    require_int64(max((UWH_PER_WH * int(s) * int(w) for s, w in zip(shared, largest, strict=True)), default=0))
    own *= UWH_PER_WH * shared[:, np.newaxis]
    for slot, total in enumerate(totals.tolist()):
        if total:
            np.floor_divide(own[slot], total, out=own[slot])
    by_day: Int64Array = np.add.reduceat(own, first_slots, axis=0)
    return by_day


def require_int64(largest: int) -> None:
    """Raise Overflow if a number, or a bound of numbers, does not fit int64."""
    if largest > INT64_MAX:
        raise Overflow
