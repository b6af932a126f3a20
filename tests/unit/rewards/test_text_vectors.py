"""Every numbered vector in the text of the rewards specification."""

import pytest

from gettone.periods import parse_period
from gettone.rewards.allocation import Cut, largest_remainder
from gettone.rewards.calculation import MemberFigures
from gettone.rewards.combined import Combined
from gettone.rewards.distribution import distribute
from gettone.rewards.engine import compute
from gettone.rewards.model import Model, parse_model
from gettone.rewards.no_peaks import DayLoad, NoPeaks
from gettone.rewards.run import RewardRun
from gettone.rewards.self_consumption import SelfConsumption
from tests.unit.rewards.communities import DAY, community_of, device, every_slot, one_slot

pytestmark = pytest.mark.unit


def model_1(**parameters: object) -> Model:
    return parse_model({"kind": "self_consumption", "mode": "rate", "rate_units_per_kwh": 1_000_000} | parameters)


def units(run: RewardRun) -> dict[str, int]:
    return {member.member_id: member.reward_units for member in run.members}


class TestSelfConsumption:
    WITHDRAWN, INJECTED = {"A": 1200, "B": 800}, {"C": 1500}

    def test_vector_1_1__consumers_get_all__units_by_withdrawal(self) -> None:
        run = compute(one_slot(self.WITHDRAWN, self.INJECTED), model_1(), DAY)
        assert run.shared_wh == 1500
        assert units(run) == {"A": 900_000, "B": 600_000, "C": 0}

    def test_vector_1_2__half_to_producers__units_on_both_sides(self) -> None:
        run = compute(one_slot(self.WITHDRAWN, self.INJECTED), model_1(consumer_share_permille=500), DAY)
        assert units(run) == {"A": 450_000, "B": 300_000, "C": 750_000}

    def test_vector_1_3__three_equal_consumers__tie_goes_to_the_smallest_id(self) -> None:
        community = one_slot(dict.fromkeys("ABC", 500), {"D": 1000})
        model = parse_model({"kind": "self_consumption", "mode": "pool", "budget_units": 100})
        run = compute(community, model, DAY)
        assert units(run) == {"A": 34, "B": 33, "C": 33, "D": 0}
        score = run.members[0].scores["self_consumption"]
        assert score == 333_333_333 * 1000
        record = run.allocations[0]
        assert (record.cut_remainder, record.cut_position) == (100 * score % record.total_score, 0)

    def test_vector_1_4__no_injection__pool_is_carried_over(self) -> None:
        model = parse_model({"kind": "self_consumption", "mode": "pool", "budget_units": 1000})
        run = compute(one_slot({"A": 1200, "B": 800}, {}), model, DAY)
        assert (set(units(run).values()), run.carried_over_units) == ({0}, 1000)

    @pytest.mark.parametrize(("slot_s", "shared_wh"), [(3600, 1000), (900, 0)])
    def test_vector_1_5__quarters_apart__shared_within_the_hour_only(self, slot_s: int, shared_wh: int) -> None:
        quarters = range(DAY.start_s, DAY.start_s + 3600, 900)
        community = community_of(
            device("A", "w", dict(zip(quarters, (1000, 0, 0, 0), strict=True))),
            device("B", "j", dict(zip(quarters, (0, 0, 0, -1000), strict=True))),
        )
        assert compute(community, model_1(slot_s=slot_s), DAY).shared_wh == shared_wh

    def test_vector_1_6__member_on_both_sides__both_parts_paid(self) -> None:
        run = compute(one_slot({"A": 300, "B": 700}, {"A": 500}), model_1(consumer_share_permille=800), DAY)
        assert units(run) == {"A": 220_000, "B": 280_000}
        shared = {one.member_id: (one.shared_withdrawn_wh, one.shared_injected_wh) for one in run.members}
        assert shared == {"A": (150, 500), "B": (350, 0)}

    def test_vector_1_7__readings_missing__absent_in_the_total(self) -> None:
        membership, series = device("B", "B-w", {}, interval_s=3600)
        whole = one_slot({"A": 1200}, {"C": 1500})
        community = type(whole)({**whole.series, "B-w": series}, (*whole.memberships, membership), whole.netting)
        run = compute(community, model_1(), DAY)
        assert (run.shared_wh, units(run)) == (1200, {"A": 1_200_000, "B": 0, "C": 0})

    @pytest.mark.parametrize(
        ("budget", "scores", "expected", "cut"),
        [
            (7, (1, 1, 1), (3, 2, 2), Cut(1, 0)),
            (1001, (900, 600, 0), (601, 400, 0), Cut(900, 0)),
            (6, (1, 1, 1), (2, 2, 2), Cut(3, 0)),
        ],
    )
    def test_vector_1_8__largest_remainder__units_and_cut(
        self, budget: int, scores: tuple[int, ...], expected: tuple[int, ...], cut: Cut
    ) -> None:
        allocation = largest_remainder(budget, scores)
        assert (allocation.units, allocation.cut) == (expected, cut)

    def test_vector_1_9__one_watt_hour_in_three__micro_watt_hours_are_kept(self) -> None:
        community = one_slot(dict.fromkeys("ABC", 1), {"D": 1})
        run = compute(community, model_1(rate_units_per_kwh=10**12), DAY)
        assert units(run) == {"A": 333_333_000, "B": 333_333_000, "C": 333_333_000, "D": 0}
        assert {one.shared_withdrawn_wh for one in run.members} == {0}


class TestNoPeaks:
    def model(self, **parameters: object) -> Model:
        return parse_model({"kind": "no_peaks", "mode": "rate", "rate_units_per_day": 1_000_000} | parameters)

    def test_vector_2_1__two_quarters_over__half_the_merit(self) -> None:
        readings = every_slot(DAY, 100) | dict(zip(range(DAY.start_s, DAY.end_s, 900), (600, 650, 720), strict=False))
        run = compute(community_of(device("A", "d", readings, power_w=3000)), self.model(), DAY)
        assert (run.members[0].scores, units(run)) == ({"no_peaks": 500}, {"A": 500_000})

    @pytest.mark.parametrize(("valid", "reward"), [(90, 1_000_000), (83, 1_000_000), (82, 0)])
    def test_vectors_2_2_and_2_3__short_day__completeness_of_92_slots(self, valid: int, reward: int) -> None:
        short_day = parse_period("2026-03-29", "Europe/Rome")
        readings = dict(list(every_slot(short_day, 100).items())[:valid])
        run = compute(community_of(device("A", "d", readings, power_w=3000)), self.model(), short_day)
        assert units(run) == {"A": reward}

    def test_vector_2_4__percentile_of_forty__nearest_rank(self) -> None:
        past = [DayLoad(day, 2, (20 * day + 10, 20 * day + 20), 0) for day in range(20)]
        model = NoPeaks(limit_mode="percentile", min_expected_slots=2, penalty_permille=250)
        day = DayLoad(20, 4, (380, 390, 395, 500), contract_power_w=0)
        (verdict,) = model.judge([day], past, interval_s=900)
        assert (verdict.limit_wh, verdict.over, verdict.merit_permille) == (390, 2, 500)

    def test_vector_2_5__five_quarters_over__no_merit(self) -> None:
        readings = every_slot(DAY, 100) | dict.fromkeys(range(DAY.start_s, DAY.start_s + 5 * 900, 900), 601)
        run = compute(community_of(device("A", "d", readings, power_w=3000)), self.model(), DAY)
        assert run.members[0].scores == {"no_peaks": 0}

    def test_vector_2_6__pool_by_merits__shared_exactly(self) -> None:
        two_days = parse_period("2026-01-15/2026-01-17", "UTC")
        calm = every_slot(two_days, 100)
        first_quarters = range(two_days.start_s, two_days.end_s, 900)
        twice_over = calm | dict.fromkeys(first_quarters[:2], 700)
        first_day_twice_over = {slot_s: wh for slot_s, wh in twice_over.items() if slot_s < DAY.end_s}
        community = community_of(
            device("A", "a", calm, power_w=3000),
            device("B", "b", twice_over, power_w=3000),
            device("C", "c", first_day_twice_over, power_w=3000),
        )
        model = parse_model({"kind": "no_peaks", "mode": "pool", "budget_units": 1000})
        run = compute(community, model, two_days)
        assert [one.scores["no_peaks"] for one in run.members] == [2000, 1500, 500]
        assert units(run) == {"A": 500, "B": 375, "C": 125}

    @pytest.mark.parametrize(("second_wh", "merit"), [(350, 1000), (500, 1000), (501, 750)])
    def test_vector_2_7__two_connection_points__judged_together(self, second_wh: int, merit: int) -> None:
        community = community_of(
            device("A", "a1", every_slot(DAY, 100) | {DAY.start_s: 400}, power_w=3000, pod="1"),
            device("A", "a2", every_slot(DAY, 100) | {DAY.start_s: second_wh}, power_w=1500, pod="2"),
        )
        assert compute(community, self.model(), DAY).members[0].scores == {"no_peaks": merit}


class TestCombined:
    FIRST, SECOND = (900, 600, 0), (2000, 1500, 500)

    def figures(self, first: tuple[int, ...], second: tuple[int, ...]) -> list[MemberFigures]:
        return [
            MemberFigures(who, 0, 0, 0, 0, {"self_consumption": one, "no_peaks": other}, 0)
            for who, one, other in zip("ABC", first, second, strict=True)
        ]

    def additive(self, budget: int, weight: int) -> Model:
        combined = Combined("additive", self_consumption_weight_permille=weight)
        return Model("combined", "pool", budget, SelfConsumption(), NoPeaks(), combined)

    @pytest.mark.parametrize(
        ("budget", "weight", "expected", "budgets"),
        [(1000, 600, [560, 390, 50], [600, 400]), (1001, 333, [534, 384, 83], [333, 668])],
    )
    def test_vectors_3_1_and_3_2__additive_pool__two_allocations(
        self, budget: int, weight: int, expected: list[int], budgets: list[int]
    ) -> None:
        model = self.additive(budget, weight)
        rewards, records = distribute(model, self.figures(self.FIRST, self.SECOND), budget)
        assert (rewards, [record.budget_units for record in records]) == (expected, budgets)

    def test_vector_3_3__additive_rate__weighted_once(self) -> None:
        combined = Combined("additive", self_consumption_weight_permille=500)
        assert combined.weighted_units_down(900_000, 500_000) == 700_000

    @pytest.mark.parametrize(("gate", "reward"), [(1000, 450_000), (400, 720_000)])
    def test_vector_3_4__gated__day_with_peaks_is_devalued(self, gate: int, reward: int) -> None:
        readings = every_slot(DAY, 0) | {DAY.start_s: 700, DAY.start_s + 900: 700}
        community = community_of(
            device("A", "a", readings, power_w=3000), device("B", "b", {DAY.start_s: -450, DAY.start_s + 900: -450})
        )
        parts = {"self_consumption": {"rate_units_per_kwh": 1_000_000}, "gate_permille": gate}
        model = parse_model({"kind": "combined", "mode": "rate", "combination": "gated"} | parts)
        run = compute(community, model, DAY)
        assert run.members[0].scores["self_consumption"] == 9 * 10**11
        assert run.members[0].scores["no_peaks"] == 500
        assert units(run) == {"A": reward, "B": 0}

    def test_gated__two_days__factor_and_score_are_rounded_down_day_by_day(self) -> None:
        combined = Combined("gated", gate_permille=401)
        by_hand = 1001 * (1000 - 401 + 200) // 1000 + 1001 * (1000 - 401) // 1000
        assert combined.gated_score_nwh({0: 1001, 1: 1001}, {0: 500}) == by_hand == 799 + 599

    def test_vector_3_5__no_production__other_side_gets_the_budget(self) -> None:
        rewards, records = distribute(self.additive(1000, 600), self.figures((0, 0, 0), self.SECOND), 1000)
        assert (rewards, [record.budget_units for record in records]) == ([500, 375, 125], [0, 1000])

    def test_additive_pool__no_merit__self_consumption_gets_the_budget(self) -> None:
        rewards, _ = distribute(self.additive(1000, 600), self.figures(self.FIRST, (0, 0, 0)), 1000)
        assert rewards == [600, 400, 0]

    def test_additive_pool__both_sides_zero__nothing_is_shared(self) -> None:
        rewards, records = distribute(self.additive(1000, 600), self.figures((0, 0, 0), (0, 0, 0)), 1000)
        assert (rewards, [record.budget_units for record in records]) == ([0, 0, 0], [600, 400])
