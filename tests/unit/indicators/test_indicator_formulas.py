"""The formulas K1 to K21: examples of the specification's table, and what happens at their edges."""

import doctest
from datetime import date
from importlib import import_module

import numpy as np
import pytest

from gettone.metering.calendar.slots import SlotCalendar
from gettone.metering.indicators.anomalies import daily_anomalies
from gettone.metering.indicators.arithmetic import ratio_bp, rhe, rhe_columns, row_sums
from gettone.metering.indicators.column_groups import group_columns
from gettone.metering.indicators.comparison import DateRange, previous_range, same_of_last_year, work_days
from gettone.metering.indicators.curves import day_profiles, mean_day
from gettone.metering.indicators.figures import Trust, against_bp
from gettone.metering.indicators.member_energies import Part, Readings
from gettone.metering.indicators.peaks import coincidence, load_shapes, peak_slots
from gettone.metering.indicators.reading_quality import ReadingQuality, reading_quality, together
from gettone.types import Direction

pytestmark = pytest.mark.unit

ROOM = "gettone.metering.indicators."
WITH_EXAMPLES = ("arithmetic", "band_shares", "comparison", "curves", "figures", "peaks", "ranking", "reading_quality")
# Monday 12 January 2026 00:00 UTC.
MONDAY = 1_768_176_000 // 900


def calendar(days: int, first: int = MONDAY, timezone: str = "UTC", step_s: int = 900) -> SlotCalendar:
    return SlotCalendar(first, first + 96 * days, step_s, timezone)


def whole(*rows: list[int]) -> np.ndarray:
    return np.array(rows, np.int64)


@pytest.mark.parametrize("module", [*(ROOM + one for one in WITH_EXAMPLES), "gettone.metering.calendar.bands"])
def test_docstrings__examples_of_the_table__hold(module: str) -> None:
    result = doctest.testmod(import_module(module))
    assert result.attempted > 0
    assert result.failed == 0


@pytest.mark.parametrize(("a", "b"), [(a, b) for a in range(-12, 13) for b in (1, 2, 3, 4, 7)])
def test_rhe__columns_and_single_numbers__agree(a: int, b: int) -> None:
    assert rhe_columns(np.array([a]), np.array([b])).tolist() == [rhe(a, b)]


def test_ratio__denominator_zero__is_null() -> None:
    assert ratio_bp(5, 0) is None


def test_row_sums__beyond_int64__are_exact() -> None:
    huge = np.full((1, 8), 2**62, np.int64)
    assert row_sums(huge) == [2**65]


def test_row_sums__beyond_int64_and_negative__are_exact() -> None:
    assert row_sums(np.full((1, 8), -(2**62) - 1, np.int64)) == [-(2**65) - 8]


def test_deviation__squares_beyond_int64__are_exact() -> None:
    large = whole([3_000_000_000, 3_000_000_002])
    groups = group_columns(large, large > 0, np.zeros(2, np.int64))
    assert groups.deviations() == [[1]]


def test_k3__one_quarter_of_four_days__is_the_example_of_the_table() -> None:
    wh = np.zeros((1, 384), np.int64)
    wh[0, ::96] = 100, 140, 180, 220
    one = day_profiles(wh, wh >= 0, calendar(4))[0][0]
    first = [curve.values_wh[0] for curve in (one.minimum, one.maximum, one.mean, one.deviation)]
    assert first == [100, 220, 160, 44]
    assert (one.season, one.work_days) == ("winter", True)


def test_k3__a_week__has_one_profile_for_each_day_type() -> None:
    wh = np.ones((1, 7 * 96), np.int64)
    assert [one.work_days for one in day_profiles(wh, wh > 0, calendar(7))[0]] == [True, False]


def test_k2__missing_slots__do_not_count() -> None:
    wh = np.zeros((1, 192), np.int64)
    wh[0, 0], wh[0, 96] = 100, 0
    known = np.ones((1, 192), bool)
    known[0, 96] = False
    assert mean_day(wh, known, calendar(2))[0].values_wh[0] == 100


def test_k2__a_position_never_known__is_null() -> None:
    wh, known = np.zeros((1, 96), np.int64), np.ones((1, 96), bool)
    known[0, 5] = False
    assert mean_day(wh, known, calendar(1))[0].values_wh[5] is None


def test_k2__the_day_without_an_hour__leaves_its_positions_null() -> None:
    start = 1_774_738_800 // 900
    day = SlotCalendar(start, start + 92, 900, "Europe/Rome")
    wh = np.ones((1, 92), np.int64)
    curve = mean_day(wh, wh > 0, day)[0].values_wh
    assert [at for at, value in enumerate(curve) if value is None] == [8, 9, 10, 11]


def test_k2__the_repeated_hour__counts_both_times() -> None:
    start = 1_792_879_200 // 900
    day = SlotCalendar(start, start + 100, 900, "Europe/Rome")
    wh = np.zeros((1, 100), np.int64)
    wh[0, 8], wh[0, 12] = 100, 300
    assert mean_day(wh, wh >= 0, day)[0].values_wh[8] == 200


def test_k9__ten_of_forty__ranks_39_and_1() -> None:
    wh = whole(list(range(10, 410, 10)))
    shape = load_shapes(wh, wh > 0, 900)[0]
    assert (shape.peak_limit_wh, shape.base_wh, shape.peaks, shape.peak_excess_wh) == (390, 10, 1, 10)


def test_k9__another_percentile__as_set() -> None:
    wh = whole(list(range(10, 410, 10)))
    assert load_shapes(wh, wh > 0, 900, peak_permille=500)[0].peak_limit_wh == 200


def test_k9__list__names_the_slots_above_the_limit() -> None:
    wh = np.array([5, 9, 7, 8])
    assert peak_slots(wh, np.array([True, True, True, False]), 6) == [(1, 9), (2, 7)]


def test_k10_k11__missing_slots__are_neither_base_nor_minimum() -> None:
    wh, known = whole([50, 0, 70]), np.array([[True, False, True]])
    shape = load_shapes(wh, known, 900)[0]
    assert (shape.base_wh, shape.min_w, shape.min_slot) == (50, 200, 0)


def test_k11__650_wh_in_a_quarter__is_2600_w_at_its_first_slot() -> None:
    wh = whole([1, 650, 650])
    shape = load_shapes(wh, wh > 0, 900)[0]
    assert (shape.max_w, shape.max_slot) == (2_600, 1)


def test_k9_to_k12__nothing_known__are_null() -> None:
    shape = load_shapes(whole([0, 0]), np.zeros((1, 2), bool), 900)[0]
    assert (shape.peak_limit_wh, shape.base_wh, shape.max_w, shape.load_factor_bp, shape.peaks) == (None,) * 4 + (0,)


def test_k12__all_zero__is_null() -> None:
    assert load_shapes(whole([0, 0]), np.ones((1, 2), bool), 900)[0].load_factor_bp is None


def test_k13__no_load_at_all__has_no_factor() -> None:
    assert coincidence(whole([0, 0]), np.array([0, 0])).factor_bp is None


@pytest.mark.parametrize(("coverage_bp", "provisional"), [(9_000, False), (8_999, True), (None, True)])
def test_trust__below_9000_bp__is_provisional(coverage_bp: int | None, provisional: bool) -> None:
    assert Trust(coverage_bp, None).provisional is provisional


def test_k17__no_reference__is_null() -> None:
    assert against_bp(120, None) is None


def usual_then(day: list[int]) -> tuple[np.ndarray, SlotCalendar, int]:
    days = calendar(57)
    wh = np.full(57 * 96, 100, np.int64)
    wh[56 * 96 :] = day
    return wh, days, int(days.days[-1])


@pytest.mark.parametrize(("outside", "excess", "counted"), [(8, 251, 8), (8, 250, 0), (7, 300, 7)])
def test_k20__slots_far_outside_the_usual_range__are_counted(outside: int, excess: int, counted: int) -> None:
    wh, days, last = usual_then([100 + excess] * outside + [100] * (96 - outside))
    found = daily_anomalies(wh, np.ones_like(wh, bool), days, last)[0]
    assert (found.slots, found.is_anomalous) == (counted, counted >= 8)


def test_k20__days_of_the_other_type__are_no_reference() -> None:
    days = calendar(61)
    wh = np.where(days.is_work_day, 100, 1_000)
    last = int(days.days[-1])
    assert daily_anomalies(wh, np.ones_like(wh, bool), days, last - 1)[-1].slots == 0


def test_k20__without_eight_usual_values__judges_nothing() -> None:
    days = calendar(3)
    wh = np.arange(3 * 96) * 1_000
    assert daily_anomalies(wh, np.ones_like(wh, bool), days, int(days.days[-1]))[0].slots == 0


def test_k21__a_channel__counts_qualities_gaps_and_the_last_reading() -> None:
    quality = np.array([[0, 1, 1, 0, 0, 3, 2, 0]], np.int8)
    readings = Readings(MONDAY, np.zeros((1, 8), np.int64), quality)
    found = reading_quality(readings, Part(0, 0, 0, Direction.LOAD, 900, 0, 2**31))
    assert found == ReadingQuality((4, 2, 1, 1, 0), 3, MONDAY + 6)


def test_k21__an_hourly_channel__counts_hours_inside_the_holding() -> None:
    quality = np.array([[1, 0, 0, 0, 1, 0, 0, 0]], np.int8)
    readings = Readings(MONDAY, np.zeros((1, 8), np.int64), quality)
    found = reading_quality(readings, Part(0, 0, 0, Direction.LOAD, 3600, MONDAY + 4, 2**31))
    assert found.by_quality == (0, 1, 0, 0, 0)


def test_k21__several_channels__are_added_and_the_earliest_last_reading_counts() -> None:
    one, other = ReadingQuality((1, 2, 0, 0, 0), 1, 9), ReadingQuality((0, 3, 0, 0, 0), 0, 7)
    assert together([one, other]) == ReadingQuality((1, 5, 0, 0, 0), 1, 7)


def test_comparison__a_week_after_a_holiday_week__skips_it() -> None:
    asked = DateRange(date(2026, 1, 12), date(2026, 1, 19))
    found = previous_range(asked)
    assert found == DateRange(date(2025, 12, 15), date(2025, 12, 22))
    assert work_days(found) == work_days(asked) == 5


def test_comparison__nothing_alike_nearby__is_none() -> None:
    assert previous_range(DateRange(date(2026, 12, 25), date(2026, 12, 27))) is None


def test_comparison__a_week_with_one_holiday__is_compared_with_another_such_week() -> None:
    found = previous_range(DateRange(date(2026, 12, 21), date(2026, 12, 28)))
    assert found == DateRange(date(2026, 12, 7), date(2026, 12, 14))


def test_comparison__last_year__has_equal_length_and_day_types() -> None:
    asked = DateRange(date(2026, 4, 6), date(2026, 4, 13))
    found = same_of_last_year(asked)
    assert found is not None
    assert (found.days, work_days(found)) == (asked.days, work_days(asked))
