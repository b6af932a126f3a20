"""Slots of one member: membership, netting, intervals, windows, and the local days of model 2."""

import pytest

from gettone.errors import InputError
from gettone.periods import parse_period
from gettone.rewards.calculation import judge_peaks
from gettone.rewards.checks import check_inputs, first_overlap
from gettone.rewards.engine import compute
from gettone.rewards.inputs import Community, Membership, MemberSlots
from gettone.rewards.local_days import baseline_start_s, local_days
from gettone.rewards.member_slots import member_slots
from gettone.rewards.model import Model, parse_model
from gettone.rewards.no_peaks import DayVerdict
from gettone.types import SettlementPeriod
from tests.unit.rewards.communities import DAY, community_of, device, every_slot

pytestmark = pytest.mark.unit

START = DAY.start_s


def first_hour(community: Community, slot_s: int = 3600) -> tuple[int, int]:
    slots: MemberSlots = member_slots(community, START, START + 3600, slot_s)
    return slots.withdrawn_wh[0], slots.injected_wh[0]


class TestMemberSlots:
    def test_quarters__summed_to_the_hour__signs_kept_apart(self) -> None:
        readings = {START: 100, START + 900: -40, START + 1800: 7}
        assert first_hour(community_of(device("A", "d", readings))) == (107, 40)

    def test_netting_none__load_and_plant__both_kept(self) -> None:
        devices = device("A", "load", {START: 500}), device("A", "pv", {START: -700})
        assert first_hour(community_of(*devices)) == (500, 700)

    def test_netting_pod__load_and_plant__one_connection_point(self) -> None:
        devices = device("A", "load", {START: 500}), device("A", "pv", {START: -700})
        assert first_hour(community_of(*devices, netting="pod")) == (0, 200)

    def test_netting_pod__two_points__each_by_itself(self) -> None:
        devices = [device("A", "load", {START: 500}, pod="1"), device("A", "pv", {START: -700}, pod="2")]
        assert first_hour(community_of(*devices, netting="pod")) == (500, 700)

    def test_netting_pod__one_reading_missing__slot_does_not_count(self) -> None:
        devices = [
            device("A", "load", {START: 500, START + 900: 60}),
            device("A", "pv", {START + 900: -10}),
        ]
        assert first_hour(community_of(*devices, netting="pod")) == (50, 0)
        assert first_hour(community_of(*devices)) == (560, 10)

    def test_netting_pod__device_out_of_membership__does_not_block_the_slot(self) -> None:
        devices = [device("A", "load", {START: 500}), device("A", "pv", {}, to_s=START)]
        assert first_hour(community_of(*devices, netting="pod")) == (500, 0)

    def test_netting_pod__different_intervals__netted_at_the_coarser(self) -> None:
        quarters = {START: 100, START + 900: 100, START + 1800: 100, START + 2700: 100}
        devices = [device("A", "load", quarters), device("A", "pv", {START: -250}, interval_s=3600)]
        assert first_hour(community_of(*devices, netting="pod")) == (150, 0)
        del quarters[START + 1800]
        assert first_hour(community_of(*devices, netting="pod")) == (0, 0)

    @pytest.mark.parametrize(
        ("from_s", "to_s", "expected"),
        [
            (START + 900, None, 3),
            (START + 901, None, 2),
            (None, START + 900, 1),
            (None, START + 899, 0),
            (START, START, 0),
        ],
    )
    def test_membership__bounds_within_the_hour__whole_slots_only(
        self, from_s: int | None, to_s: int | None, expected: int
    ) -> None:
        readings = every_slot(DAY, 1)
        assert first_hour(community_of(device("A", "d", readings, from_s=from_s, to_s=to_s))) == (expected, 0)


class TestLocalDays:
    @pytest.mark.parametrize(("day", "slots"), [("2026-03-29", 92), ("2026-03-30", 96), ("2026-10-25", 100)])
    def test_local_day__around_a_change_of_the_clock__has_its_slots(self, day: str, slots: int) -> None:
        period = parse_period(day, "Europe/Rome")
        (only,) = local_days(period.clock, period.start_s, period.end_s, 900)
        assert len(only.slots) == slots

    def test_baseline__over_a_change_of_the_clock__is_28_local_days(self) -> None:
        period = parse_period("2026-04-05", "Europe/Rome")
        start_s = baseline_start_s(period, 900)
        assert start_s == parse_period("2026-03-08", "Europe/Rome").start_s
        assert len(local_days(period.clock, start_s, period.start_s, 900)) == 28


def peaks(**parameters: object) -> Model:
    return parse_model({"kind": "no_peaks", "mode": "pool", "budget_units": 1} | parameters)


def verdict(community: Community, model: Model, period: SettlementPeriod = DAY) -> DayVerdict:
    return judge_peaks(community.of_member("A"), model, period)[0]


class TestPeaks:
    def test_window__hours_on_the_local_clock__only_they_count(self) -> None:
        rome = parse_period("2026-01-15", "Europe/Rome")
        at_18 = rome.start_s + 18 * 3600
        community = community_of(device("A", "d", {at_18: 999, at_18 - 900: 999}, power_w=1000))
        judged = verdict(community, peaks(window_hours=[[18, 19]], completeness_permille=0), rome)
        assert (judged.expected, judged.valid, judged.over, judged.energy_wh) == (4, 1, 1, 999)

    @pytest.mark.parametrize(
        ("interval_s", "windows", "least"),
        [(900, [], 48), (3600, [], 12), (900, [[18, 22]], 8), (3600, [[2, 5]], 2), (3600, [[2, 3]], 1)],
    )
    def test_expected_slots__by_default__half_a_day_or_window(
        self, interval_s: int, windows: list[list[int]], least: int
    ) -> None:
        model = peaks(window_hours=windows).no_peaks
        assert model is not None
        assert model.expected_slots_min(interval_s) == least

    @pytest.mark.parametrize(("slots", "eligible"), [(48, True), (47, False)])
    def test_joining_within_the_day__too_few_slots__not_eligible(self, slots: int, eligible: bool) -> None:
        joined_s = DAY.end_s - slots * 900
        community = community_of(device("A", "d", every_slot(DAY, 1), from_s=joined_s, power_w=3000))
        judged = verdict(community, peaks())
        assert (judged.expected, judged.valid, judged.eligible) == (slots, slots, eligible)

    def test_no_membership_that_day__complete_by_nothing__not_eligible(self) -> None:
        community = community_of(device("A", "d", {}, to_s=START))
        judged = verdict(community, peaks(completeness_permille=0))
        assert (judged.expected, judged.eligible, judged.merit_permille) == (0, False, 0)

    def test_second_device_without_reading__slot_is_not_valid(self) -> None:
        whole, gap = every_slot(DAY, 1), every_slot(DAY, 1)
        del gap[START]
        community = community_of(device("A", "a", whole), device("A", "b", gap))
        judged = verdict(community, peaks())
        assert (judged.expected, judged.valid, judged.energy_wh) == (96, 95, 190)

    def test_contract_power__of_devices_that_left_within_the_day__is_counted(self) -> None:
        community = community_of(
            device("A", "a", every_slot(DAY, 1), power_w=3000, to_s=START + 900),
            device("A", "b", every_slot(DAY, 1), power_w=1500, from_s=START + 900),
            device("A", "c", {}, power_w=6000, from_s=DAY.end_s),
            device("A", "d", {}, power_w=6000, to_s=START + 899),
        )
        assert verdict(community, peaks()).limit_wh == 4500 * 800 * 900 // 3_600_000

    def test_energy_of_the_day__below_the_least__not_eligible(self) -> None:
        community = community_of(device("A", "d", every_slot(DAY, 1), power_w=3000))
        assert verdict(community, peaks(min_day_wh=96)).eligible
        assert not verdict(community, peaks(min_day_wh=97)).eligible

    def test_different_intervals__member_is_judged_at_the_coarsest(self) -> None:
        community = community_of(
            device("A", "a", every_slot(DAY, 100), power_w=1000),
            device("A", "b", every_slot(DAY, 500, 3600), interval_s=3600),
        )
        judged = verdict(community, peaks(min_expected_slots=24))
        assert (judged.expected, judged.valid, judged.limit_wh, judged.over) == (24, 24, 800, 24)

    @pytest.mark.parametrize(("days", "limit_wh"), [(14, 300), (13, 600)])
    def test_percentile__too_few_days_before__contract_mode(self, days: int, limit_wh: int) -> None:
        past = dict.fromkeys(range(START - days * 86400, START, 900), 300)
        community = community_of(device("A", "d", every_slot(DAY, 1) | past, power_w=3000))
        assert verdict(community, peaks(limit_mode="percentile")).limit_wh == limit_wh

    def test_percentile__low_past__floor_holds(self) -> None:
        past = dict.fromkeys(range(START - 28 * 86400, START, 900), 3)
        community = community_of(device("A", "d", every_slot(DAY, 1) | past, power_w=3000))
        assert verdict(community, peaks(limit_mode="percentile")).limit_wh == 250
        assert verdict(community, peaks(limit_mode="percentile", limit_min_w=0)).limit_wh == 3

    def test_percentile__days_before_the_28__are_not_read(self) -> None:
        past = dict.fromkeys(range(START - 40 * 86400, START - 14 * 86400, 900), 700)
        community = community_of(device("A", "d", past, power_w=3000))
        assert verdict(community, peaks(limit_mode="percentile")).limit_wh == 700
        assert verdict(community, peaks(limit_mode="percentile"), parse_period("2026-01-16", "UTC")).limit_wh == 600


class TestChecks:
    def refusal(self, community: Community, model: Model, period: SettlementPeriod = DAY) -> str:
        with pytest.raises(InputError) as refused:
            check_inputs(community, model, period)
        return refused.value.code

    def test_physical_basis__with_netting__is_refused(self) -> None:
        model = parse_model({"kind": "self_consumption", "mode": "pool", "budget_units": 1, "basis": "physical"})
        assert self.refusal(community_of(netting="pod"), model) == "netting_physical"
        check_inputs(community_of(), model, DAY)

    def test_netting__unknown_word__is_refused(self) -> None:
        assert self.refusal(community_of(netting="home"), peaks()) == "netting"

    @pytest.mark.parametrize(("zone", "slot_s", "fits"), [("Asia/Kolkata", 3600, False), ("Asia/Kolkata", 900, True)])
    def test_time_zone__midnight_within_a_slot__is_refused(self, zone: str, slot_s: int, fits: bool) -> None:
        model = parse_model({"kind": "self_consumption", "mode": "pool", "budget_units": 1, "slot_s": slot_s})
        period = parse_period("2026-01-15", zone)
        if fits:
            check_inputs(community_of(), model, period)
        else:
            assert self.refusal(community_of(), model, period) == "timezone_midnight"

    @pytest.mark.parametrize(
        ("intervals", "code"),
        [((7200,), "interval_too_long"), ((600, 900), "interval_mixture"), ((700,), "interval_mixture")],
    )
    def test_intervals__that_fit_no_slot__are_refused(self, intervals: tuple[int, ...], code: str) -> None:
        devices = [device("A", f"d{one}", {}, interval_s=one) for one in intervals]
        assert self.refusal(community_of(*devices), peaks()) == code

    def test_series__missing_for_a_device__is_refused(self) -> None:
        whole = community_of(device("A", "d", {}))
        assert self.refusal(Community({}, whole.memberships, "none"), peaks()) == "series_missing"

    @pytest.mark.parametrize(
        ("bounds", "overlap"),
        [
            ([(None, 10), (10, None)], None),
            ([(10, None), (None, 10)], None),
            ([(None, 11), (10, None)], 1),
            ([(10, None), (None, 11)], 0),
            ([(0, 100), (10, 20), (30, 40)], 1),
            ([(None, None), (None, None)], 1),
            ([(0, None), (5, None)], 1),
        ],
    )
    def test_overlap__of_one_device__is_found(
        self, bounds: list[tuple[int | None, int | None]], overlap: int | None
    ) -> None:
        memberships = [Membership("A", "d", from_s, to_s, 0, None) for from_s, to_s in bounds]
        assert first_overlap(memberships) == overlap
        assert first_overlap([Membership("A", str(n), a, b, 0, None) for n, (a, b) in enumerate(bounds)]) is None

    def test_overlap__in_a_community__is_refused(self) -> None:
        whole = community_of(device("A", "d", {}))
        twice = Community(whole.series, whole.memberships * 2, "none")
        assert self.refusal(twice, peaks()) == "membership_overlap"

    @pytest.mark.parametrize(("mode", "carry_in"), [("pool", -1), ("pool", 2**96), ("rate", 1)])
    def test_carry_in__out_of_range_or_in_rate_mode__is_refused(self, mode: str, carry_in: int) -> None:
        model = parse_model({"kind": "no_peaks", "mode": mode, "budget_units": 1, "rate_units_per_day": 1})
        with pytest.raises(InputError, match="carry-in"):
            compute(community_of(), model, DAY, carry_in_units=carry_in)
