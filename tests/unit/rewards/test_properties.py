"""What must hold for every community, model and period, not only for the vectors."""

import random
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gettone.engine import dense
from gettone.rewards.allocation import Cut, largest_remainder, own_units
from gettone.rewards.engine import compute
from gettone.rewards.inputs import Community, Series
from gettone.rewards.model import Model, parse_model
from gettone.rewards.own import recompute_own, traces_of
from gettone.rewards.run import RewardRun
from gettone.types import SettlementPeriod
from tests.unit.rewards.communities import DAY, PERIODS, UNITS, communities, models, one_slot

pytestmark = pytest.mark.unit

SCORES = st.lists(st.one_of(st.integers(0, 3), st.integers(0, 2**100)), max_size=12)
BUDGETS = st.one_of(st.integers(0, 40), st.integers(0, 2**128 - 1))
FEW = settings(max_examples=60, deadline=None)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Community, Model, SettlementPeriod]:
    model = draw(models())
    period = draw(st.sampled_from(PERIODS))
    past_days = draw(st.sampled_from([0, 16])) if model.no_peaks else 0
    return draw(communities(period, model.sharing.slot_s, past_days)), model, period


def shuffled(community: Community) -> Community:
    mix: Callable[[list], list] = lambda items: random.Random(7).sample(items, len(items))  # noqa: E731, S311
    series = {
        name: Series(name, one.interval_s, dict(mix(list(one.readings.items()))))
        for name, one in mix(list(community.series.items()))
    }
    return replace(community, series=series, memberships=tuple(mix(list(community.memberships))))


class TestLargestRemainder:
    @given(BUDGETS, SCORES)
    def test_sum__any_scores__is_the_budget_or_nothing(self, budget: int, scores: list[int]) -> None:
        assert sum(largest_remainder(budget, scores).units) == (budget if sum(scores) else 0)

    @given(BUDGETS, SCORES)
    def test_unit__each_member__is_the_floor_or_one_more(self, budget: int, scores: list[int]) -> None:
        for score, units in zip(scores, largest_remainder(budget, scores).units, strict=True):
            assert units - (budget * score // sum(scores) if sum(scores) else 0) in (0, 1)

    @given(BUDGETS, SCORES, st.integers(1, 2**20))
    def test_scores__multiplied_by_a_factor__units_stay(self, budget: int, scores: list[int], factor: int) -> None:
        scaled = [score * factor for score in scores]
        assert largest_remainder(budget, scaled).units == largest_remainder(budget, scores).units

    @given(BUDGETS, SCORES)
    def test_own_units__from_total_and_cut_alone__equal_the_allocation(self, budget: int, scores: list[int]) -> None:
        whole = largest_remainder(budget, scores)
        alone = [own_units(budget, whole.total_score, whole.cut, score, at) for at, score in enumerate(scores)]
        assert tuple(alone) == whole.units

    @given(st.integers(1, 2**90), SCORES)
    def test_units_left_over__equal_scores__go_to_the_first(self, budget: int, scores: list[int]) -> None:
        units = largest_remainder(budget, [5] * (len(scores) + 1)).units
        assert list(units) == sorted(units, reverse=True)

    def test_zero_score__tie_with_the_cut__gets_nothing_beyond_the_floor(self) -> None:
        assert largest_remainder(6, [0, 1, 1, 1]).units == (0, 2, 2, 2)
        assert own_units(6, 3, Cut(3, 0), 0, 0) == 0


class TestEngine:
    @FEW
    @given(cases(), UNITS)
    def test_pool__any_community__rewards_and_carried_sum_to_the_budget(
        self, case: tuple[Community, Model, SettlementPeriod], carry_in: int
    ) -> None:
        community, model, period = case
        model = replace(model, mode="pool", budget_units=model.budget_units or 0)
        run = compute(community, model, period, carry_in_units=carry_in)
        assert run.total_units + run.carried_over_units == (model.budget_units or 0) + carry_in
        assert run.total_units in (0, (model.budget_units or 0) + carry_in)

    @FEW
    @given(cases(), UNITS)
    def test_period_cap__any_mode__is_never_exceeded(
        self, case: tuple[Community, Model, SettlementPeriod], cap: int
    ) -> None:
        community, model, period = case
        free, capped = compute(community, model, period), compute(community, model, period, period_cap_units=cap)
        assert capped.total_units == min(free.total_units, cap)

    @FEW
    @given(cases())
    def test_shared_energy__any_community__bounds_all_figures(
        self, case: tuple[Community, Model, SettlementPeriod]
    ) -> None:
        run = compute(*case)
        assert sum(one.shared_withdrawn_wh for one in run.members) <= run.shared_wh
        assert sum(one.shared_injected_wh for one in run.members) <= run.shared_wh
        assert sum(one.withdrawn_wh for one in run.members) == run.withdrawn_wh
        score = sum(one.scores.get("self_consumption", 0) for one in run.members)
        missing = 10**9 * run.shared_wh - score if run.model.self_consumption else 0
        assert 0 <= missing <= 1000 * 2 * len(run.members) * len(run.slot_totals)

    @FEW
    @given(cases())
    def test_order__of_members_devices_and_readings__changes_nothing(
        self, case: tuple[Community, Model, SettlementPeriod]
    ) -> None:
        community, model, period = case
        assert compute(shuffled(community), model, period) == compute(community, model, period)

    @FEW
    @given(cases())
    def test_own__from_totals_and_cuts_alone__equals_the_engine(
        self, case: tuple[Community, Model, SettlementPeriod]
    ) -> None:
        community, model, period = case
        run = compute(community, model, period)
        for position, member in enumerate(run.members):
            own = recompute_own(
                own=community.of_member(member.member_id),
                member_id=member.member_id,
                position=position,
                model=model,
                period=period,
                slot_totals=run.slot_totals,
                allocations=run.allocations,
            )
            assert own.member == member
            assert own.trace == traces_of(community, run)[member.member_id]

    @FEW
    @given(cases(), UNITS)
    def test_dense_engine__any_community__equals_the_plain_one(
        self, case: tuple[Community, Model, SettlementPeriod], cap: int
    ) -> None:
        community, model, period = case
        plain = compute(community, model, period, period_cap_units=cap)
        assert dense.compute(community, model, period, period_cap_units=cap) == plain

    @given(
        st.dictionaries(st.sampled_from("ABCD"), st.integers(0, 10**6), max_size=4),
        st.dictionaries(st.sampled_from("CDEF"), st.integers(0, 10**6), max_size=4),
        st.integers(2, 1000),
    )
    def test_energies__all_multiplied__pool_shares_stay_within_a_unit(
        self, withdrawn: dict[str, int], injected: dict[str, int], factor: int
    ) -> None:
        model = parse_model({"kind": "self_consumption", "mode": "pool", "budget_units": 1000})
        runs = []
        for scale in (1, factor):
            scaled = [{who: wh * scale for who, wh in side.items()} for side in (withdrawn, injected)]
            runs.append(compute(one_slot(*scaled), model, DAY))
        for one, other in zip(runs[0].members, runs[1].members, strict=True):
            assert abs(one.reward_units - other.reward_units) <= 1

    @FEW
    @given(models())
    def test_no_members__any_model__empty_result(self, model: Model) -> None:
        run = compute(Community({}, (), "none"), model, DAY)
        assert (run.members, run.total_units, run.shared_wh) == ((), 0, 0)
        assert run.carried_over_units == (model.budget_units if model.mode == "pool" else 0)
        assert len(run.slot_totals) == 86_400 // model.sharing.slot_s

    @FEW
    @given(cases())
    def test_no_readings__self_consumption__all_zero(self, case: tuple[Community, Model, SettlementPeriod]) -> None:
        community, model, period = case
        unread = {name: Series(name, one.interval_s, {}) for name, one in community.series.items()}
        run: RewardRun = compute(Community(unread, community.memberships, community.netting), model, period)
        assert {one.scores.get("self_consumption", 0) for one in run.members} <= {0}
        assert (run.withdrawn_wh, run.injected_wh) == (0, 0)

    @FEW
    @given(cases())
    def test_budget_zero__any_community__nobody_gets_a_unit(
        self, case: tuple[Community, Model, SettlementPeriod]
    ) -> None:
        community, model, period = case
        assert compute(community, replace(model, budget_units=0), period).total_units == 0
