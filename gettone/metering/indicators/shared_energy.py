"""K8: energy shared in the community, and each member's part, by the arithmetic of reward model 1."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gettone.engine.meter_matrix import MeterMatrix, Overflow, share_energy
from gettone.metering.indicators.arithmetic import Int64Array
from gettone.metering.indicators.energies import Energies
from gettone.rewards.inputs import SlotTotal
from gettone.rewards.self_consumption import UWH_PER_WH, SelfConsumption


@dataclass(frozen=True, slots=True)
class SharedEnergy:
    """Shared energy by settlement slot, and the members' parts in it by day.

    shared_wh: S [settlement slots].  consumer_uwh, producer_uwh: parts c_i, p_i [days, members] in µWh.
    """

    shared_wh: Int64Array
    consumer_uwh: Int64Array
    producer_uwh: Int64Array

    def total_wh(self) -> int:
        """S of the whole range [Wh]."""
        return int(self.shared_wh.sum())

    def consumed_wh(self) -> list[int]:
        """Every member's shared energy as consumer [Wh], rounded down once."""
        return [one // UWH_PER_WH for one in self.consumer_uwh.sum(axis=0).tolist()]

    def produced_wh(self) -> list[int]:
        """Every member's shared energy as producer [Wh], rounded down once."""
        return [one // UWH_PER_WH for one in self.producer_uwh.sum(axis=0).tolist()]


def share(members: Energies, settle_slot_s: int, first_slots: Sequence[int] = (0,)) -> SharedEnergy:
    """Share `members` per slot of `settle_slot_s` [s], or of their own step where that is longer.

    `first_slots` are the positions of the settlement slots that begin a day; one day by default.
    """
    finer = max(settle_slot_s // members.step_s, 1)
    rows, slots = members.withdrawn_wh.shape
    points = np.empty((2 * rows, slots), np.int64)
    points[::2] = members.withdrawn_wh
    np.negative(members.injected_wh, out=points[1::2])
    try:
        sums = share_energy(MeterMatrix(points, np.arange(0, 2 * rows + 1, 2), finer), first_slots)
    except Overflow:
        return _share_plainly(members, finer, first_slots)
    shared = np.minimum(sums.total_withdrawn_wh, sums.total_injected_wh)
    return SharedEnergy(shared, sums.consumer_uwh, sums.producer_uwh)


def _share_plainly(members: Energies, finer: int, first_slots: Sequence[int]) -> SharedEnergy:
    """The same with Python integers, where a product would leave 64 bits."""
    model = SelfConsumption()
    shape = (len(members.withdrawn_wh), -1, finer)
    withdrawn = members.withdrawn_wh.reshape(shape).sum(axis=2).T.tolist()
    injected = members.injected_wh.reshape(shape).sum(axis=2).T.tolist()
    totals = [SlotTotal(0, sum(w), sum(j)) for w, j in zip(withdrawn, injected, strict=True)]
    credited = [
        [model.credit(total, *pair) for pair in zip(w, j, strict=True)]
        for total, w, j in zip(totals, withdrawn, injected, strict=True)
    ]
    parts = np.array(credited, object).reshape(len(totals), len(members.withdrawn_wh), 2)
    by_day = np.add.reduceat(parts, list(first_slots), axis=0).astype(np.int64)
    shared = np.array([total.shared_wh for total in totals], np.int64)
    return SharedEnergy(shared, by_day[:, :, 0], by_day[:, :, 1])
