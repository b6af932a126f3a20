"""One member's calculation, from own slots and totals to scores: the same for engine, member and trace."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gettone.rewards.inputs import Community, MemberSlots, SlotTotal
from gettone.rewards.local_days import LocalDay, baseline_start_s, local_days
from gettone.rewards.member_slots import MeteringPoint, contract_power_w, metered_slots, metering_points
from gettone.rewards.model import Model
from gettone.rewards.no_peaks import DayLoad, DayVerdict, NoPeaks
from gettone.rewards.self_consumption import UWH_PER_WH
from gettone.types import LocalClock, SettlementPeriod

OF_SELF_CONSUMPTION = "self_consumption"
OF_NO_PEAKS = "no_peaks"
OF_GATED = "gated"


@dataclass(frozen=True, slots=True)
class MemberFigures:
    """What a member brings to the allocation; every figure is rounded by itself.

    scores: "self_consumption" [nWh], "no_peaks" [permille of a day], "gated" [nWh], as far as the model has them.
    rate_units: reward [u] of rate mode before any cap; 0 in pool mode.
    """

    member_id: str
    withdrawn_wh: int
    injected_wh: int
    shared_withdrawn_wh: int
    shared_injected_wh: int
    scores: Mapping[str, int]
    rate_units: int


@dataclass(frozen=True, slots=True)
class MemberCalculation:
    """Every intermediate number of one member, for the trace.

    credits_uwh: shared energy [µWh] per slot, as consumer and as producer.
    day_scores_nwh: model-1 score by local day.  verdicts: model-2 verdict of every local day.
    """

    slots: MemberSlots
    credits_uwh: tuple[tuple[int, int], ...]
    day_scores_nwh: Mapping[int, int]
    verdicts: tuple[DayVerdict, ...]
    figures: MemberFigures


def calculate_member(
    member_id: str,
    own: Community,
    slots: MemberSlots,
    totals: Sequence[SlotTotal],
    model: Model,
    period: SettlementPeriod,
) -> MemberCalculation:
    """Scores of one member, from the own readings and the slot totals of the community alone."""
    credits_uwh = tuple(model.sharing.credits(slots, totals))
    day_scores_nwh = _day_scores_nwh(credits_uwh, model, period)
    verdicts = judge_peaks(own, model, period)
    figures = figures_of(
        member_id,
        energy_wh=(sum(slots.withdrawn_wh), sum(slots.injected_wh)),
        shared_uwh=(sum(c for c, _ in credits_uwh), sum(p for _, p in credits_uwh)),
        day_scores_nwh=day_scores_nwh,
        verdicts=verdicts,
        model=model,
    )
    return MemberCalculation(slots, credits_uwh, day_scores_nwh, verdicts, figures)


def figures_of(
    member_id: str,
    *,
    energy_wh: tuple[int, int],
    shared_uwh: tuple[int, int],
    day_scores_nwh: Mapping[int, int],
    verdicts: Sequence[DayVerdict],
    model: Model,
) -> MemberFigures:
    """Scores and, in rate mode, the reward before the cap, from sums over the slots of one member."""
    scores = {}
    if model.self_consumption is not None:
        scores[OF_SELF_CONSUMPTION] = sum(day_scores_nwh.values())
    if model.no_peaks is not None:
        scores[OF_NO_PEAKS] = sum(verdict.merit_permille for verdict in verdicts)
    if model.combined is not None and model.is_gated:
        merits = {verdict.day: verdict.merit_permille for verdict in verdicts}
        scores[OF_GATED] = model.combined.gated_score_nwh(day_scores_nwh, merits)
    return MemberFigures(
        member_id=member_id,
        withdrawn_wh=energy_wh[0],
        injected_wh=energy_wh[1],
        shared_withdrawn_wh=shared_uwh[0] // UWH_PER_WH,
        shared_injected_wh=shared_uwh[1] // UWH_PER_WH,
        scores=scores,
        rate_units=_rate_units_down(model, scores, verdicts) if model.mode == "rate" else 0,
    )


def judge_peaks(own: Community, model: Model, period: SettlementPeriod) -> tuple[DayVerdict, ...]:
    """Model-2 verdicts on the local days of the period, on the slots as metered; empty without model 2.

    Devices of different intervals are judged at the coarsest of those in membership in the range that is
    read: the period, and in percentile mode the 28 days before it.
    """
    no_peaks = model.no_peaks
    if no_peaks is None:
        return ()
    slot_s = model.sharing.slot_s
    reads_past = no_peaks.limit_mode == "percentile"
    from_s = baseline_start_s(period, slot_s) if reads_past else period.start_s
    points = metering_points(own, from_s, period.end_s)
    interval_s = max((point.interval_s for point in points), default=slot_s)
    days, past = (
        [
            _day_load(own, points, day, no_peaks, period.clock)
            for day in local_days(period.clock, start_s, end_s, interval_s)
        ]
        for start_s, end_s in ((period.start_s, period.end_s), (from_s, period.start_s))
    )
    return no_peaks.judge(days, past, interval_s)


def _day_load(
    own: Community, points: Sequence[MeteringPoint], day: LocalDay, no_peaks: NoPeaks, clock: LocalClock
) -> DayLoad:
    energies_wh = [
        energy_wh
        for start_s, energy_wh in metered_slots(points, day.slots)
        if no_peaks.in_window(clock.local_hour(start_s))
    ]
    valid_wh = tuple(energy_wh for energy_wh in energies_wh if energy_wh is not None)
    return DayLoad(day.day, len(energies_wh), valid_wh, contract_power_w(own, day.slots))


def _day_scores_nwh(credits_uwh: Sequence[tuple[int, int]], model: Model, period: SettlementPeriod) -> dict[int, int]:
    scores = {}
    first = 0
    for day in local_days(period.clock, period.start_s, period.end_s, model.sharing.slot_s):
        of_day = credits_uwh[first : first + len(day.slots)]
        scores[day.day] = model.sharing.score_nwh(sum(c for c, _ in of_day), sum(p for _, p in of_day))
        first += len(day.slots)
    return scores


def _rate_units_down(model: Model, scores: Mapping[str, int], verdicts: Sequence[DayVerdict]) -> int:
    first = model.sharing.reward_units_down(scores.get(OF_GATED, scores.get(OF_SELF_CONSUMPTION, 0)))
    if model.no_peaks is None or model.is_gated:
        return first
    second = model.no_peaks.reward_units_down([verdict.merit_permille for verdict in verdicts])
    return second if model.combined is None else model.combined.weighted_units_down(first, second)
