"""The fast engine: model 1 over arrays, for communities of many meters; figures are those of the plain engine.

Model 2 looks at one member at a time and stays plain.  Where int64 does not hold a number, the plain engine
computes the whole period.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np

from gettone.engine.meter_matrix import Int64Array, MeterMatrix, Overflow, SharedSums, require_int64, share_energy
from gettone.rewards import engine
from gettone.rewards.allocation import Allocation, largest_remainder
from gettone.rewards.calculation import MemberFigures, figures_of, judge_peaks
from gettone.rewards.checks import check_inputs
from gettone.rewards.distribution import budget_of
from gettone.rewards.inputs import Community, SlotTotal
from gettone.rewards.local_days import local_days
from gettone.rewards.member_slots import MeteringPoint, metering_points, point_energy
from gettone.rewards.model import POOL, Model
from gettone.rewards.run import RewardRun
from gettone.types import SettlementPeriod


def compute(
    community: Community,
    model: Model,
    period: SettlementPeriod,
    *,
    carry_in_units: int = 0,
    period_cap_units: int | None = None,
) -> RewardRun:
    """The run of `gettone.rewards.engine.compute`, equal in every field; the sums of model 1 are taken in arrays."""
    check_inputs(community, model, period)
    budget_units = budget_of(model, carry_in_units, period_cap_units)
    owned = community.by_member()
    days = local_days(period.clock, period.start_s, period.end_s, model.sharing.slot_s)
    first_slots = [(day.slots.start - period.start_s) // model.sharing.slot_s for day in days]
    try:
        sums = share_energy(meter_matrix(owned, model, period), first_slots)
        scores = sums.scores_nwh(model.sharing)
    except Overflow:
        return engine.compute(
            community, model, period, carry_in_units=carry_in_units, period_cap_units=period_cap_units
        )
    figures = list(_figures(owned, sums, scores, [day.day for day in days], model, period))
    starts = range(period.start_s, period.end_s, model.sharing.slot_s)
    totals = map(SlotTotal, starts, sums.total_withdrawn_wh.tolist(), sums.total_injected_wh.tolist())
    return engine.settle_figures(model, period, figures, tuple(totals), budget_units)


@dataclass(frozen=True, slots=True)
class MeterRewards:
    """Model-1 rewards of many meters, in the order of the members.

    scores_nwh: [members].  reward_units: token units [u] of every member.
    allocation: how a pool, or a rate above its cap, was shared; None for a rate below it.
    """

    sums: SharedSums
    scores_nwh: list[int]
    reward_units: list[int]
    allocation: Allocation | None


def reward_meters(meters: MeterMatrix, model: Model, budget_units: int | None) -> MeterRewards:
    """Model-1 rewards of meters in memory, for one period as one array; raises Overflow beyond int64."""
    sums = share_energy(meters, [0])
    scores = sums.scores_nwh(model.sharing)[0].tolist()
    rewards = scores if model.mode == POOL else [model.sharing.reward_units_down(score) for score in scores]
    is_shared = budget_units is not None and (model.mode == POOL or sum(rewards) > budget_units)
    allocation = largest_remainder(budget_units or 0, rewards) if is_shared else None
    return MeterRewards(sums, scores, list(allocation.units) if allocation else rewards, allocation)


def meter_matrix(owned: dict[str, Community], model: Model, period: SettlementPeriod) -> MeterMatrix:
    """The metering points of all members as one array, at the finest interval among them."""
    points = [metering_points(own, period.start_s, period.end_s) for own in owned.values()]
    step_s = min((one.interval_s for own in points for one in own), default=model.sharing.slot_s)
    first_point = np.zeros(len(points) + 1, np.int64)
    np.cumsum([len(own) for own in points], out=first_point[1:])
    energy_wh = np.zeros((int(first_point[-1]), (period.end_s - period.start_s) // step_s), np.int64)
    for row, point in zip(energy_wh, (one for own in points for one in own), strict=True):
        _fill(row, point, period, step_s)
    return MeterMatrix(energy_wh, first_point, model.sharing.slot_s // step_s)


def _fill(row: Int64Array, point: MeteringPoint, period: SettlementPeriod, step_s: int) -> None:
    if len(point.devices) == 1:
        membership, series = point.devices[0]
        readings = series.readings
        starts_s = _whole_array(readings.keys())
        energies_wh = _whole_array(readings.values())
        first_s = max(period.start_s, period.start_s if membership.from_s is None else membership.from_s)
        end_s = min(period.end_s, period.end_s if membership.to_s is None else membership.to_s)
        held = (starts_s >= first_s) & (starts_s + series.interval_s <= end_s)
        row[(starts_s[held] - period.start_s) // step_s] = energies_wh[held]
        return
    for start_s in range(period.start_s, period.end_s, point.interval_s):
        energy = point_energy(point, start_s, point.interval_s)
        if energy is not None:
            require_int64(sum(energy))
            row[(start_s - period.start_s) // step_s] = energy[0] - energy[1]


def _whole_array(values: Collection[int]) -> Int64Array:
    try:
        return np.fromiter(values, np.int64, len(values))
    except OverflowError:
        raise Overflow from None


def _figures(
    owned: dict[str, Community],
    sums: SharedSums,
    scores_nwh: Int64Array,
    days: list[int],
    model: Model,
    period: SettlementPeriod,
) -> Iterator[MemberFigures]:
    columns = zip(
        owned.items(),
        sums.withdrawn_wh.tolist(),
        sums.injected_wh.tolist(),
        sums.consumer_uwh.sum(axis=0).tolist(),
        sums.producer_uwh.sum(axis=0).tolist(),
        scores_nwh.T.tolist(),
        strict=True,
    )
    for (member_id, own), withdrawn_wh, injected_wh, consumer_uwh, producer_uwh, by_day in columns:
        yield figures_of(
            member_id,
            energy_wh=(withdrawn_wh, injected_wh),
            shared_uwh=(consumer_uwh, producer_uwh),
            day_scores_nwh=dict(zip(days, by_day, strict=True)),
            verdicts=judge_peaks(own, model, period),
            model=model,
        )
