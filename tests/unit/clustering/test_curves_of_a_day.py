"""From readings to curves of a day."""

from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from gettone.clustering.curves import Series, day_curves, mean_work_day_curves, wall_clock
from gettone.errors import InputError
from gettone.periods import midnight_s

pytestmark = pytest.mark.unit

ROME = ZoneInfo("Europe/Rome")
MONDAY = date(2026, 3, 2)


def series_of(wh: np.ndarray, first: date = MONDAY, step_s: int = 900, known: np.ndarray | None = None) -> Series:
    values = np.atleast_2d(np.asarray(wh, np.int64))
    names = tuple(f"m{number}" for number in range(len(values)))
    return Series(
        names, values, np.ones(values.shape, bool) if known is None else known, midnight_s(first, ROME), step_s
    )


def test_wall_clock__day_spring_skips_an_hour__has_92_columns_without_the_third_hour() -> None:
    clock = wall_clock(midnight_s(date(2026, 3, 29), ROME), 92, 900, ROME)
    assert clock.days.size == 1
    assert set(range(96)) - set(clock.column.tolist()) == {8, 9, 10, 11}


def test_wall_clock__day_autumn_repeats_an_hour__has_four_columns_twice() -> None:
    clock = wall_clock(midnight_s(date(2026, 10, 25), ROME), 100, 900, ROME)
    assert clock.days.size == 1
    assert np.flatnonzero(np.bincount(clock.column) == 2).tolist() == [8, 9, 10, 11]


def test_mean_work_day_curves__weekend_differs__reads_work_days_only() -> None:
    day = np.where(np.arange(14 * 96) // 96 % 7 < 5, 100, 900)
    curves = mean_work_day_curves(series_of(day), ROME)
    assert curves.wh.tolist() == [[100.0] * 96]


def test_mean_work_day_curves__holiday__is_no_work_day() -> None:
    day = np.where(np.arange(14 * 96) // 96 == 1, 900, 100)
    assert mean_work_day_curves(series_of(day), ROME, [date(2026, 3, 3)]).wh.max() == 100


def test_mean_work_day_curves__thirteen_days__are_left_out() -> None:
    curves = mean_work_day_curves(series_of(np.ones(13 * 96)), ROME)
    assert curves.left_out == (("m0", "too_few_days"),)


def test_mean_work_day_curves__day_below_90_percent__does_not_count() -> None:
    known = np.ones((1, 14 * 96), bool)
    known[0, :10] = False
    assert mean_work_day_curves(series_of(np.ones(14 * 96), known=known), ROME).names == ()
    known[0, 0] = True
    assert mean_work_day_curves(series_of(np.ones(14 * 96), known=known), ROME).names == ("m0",)


def test_mean_work_day_curves__all_zero__is_left_out_and_listed() -> None:
    assert mean_work_day_curves(series_of(np.zeros(14 * 96)), ROME).left_out == (("m0", "zero"),)


def test_mean_work_day_curves__negative_value__counts_as_unknown() -> None:
    wh = np.full(14 * 96, 100)
    wh[5] = -40_000
    assert mean_work_day_curves(series_of(wh), ROME).wh[0, 5] == 100


def test_mean_work_day_curves__hourly__has_24_columns() -> None:
    curves = mean_work_day_curves(series_of(np.full(14 * 24, 750), step_s=3600), ROME)
    assert curves.wh.shape == (1, 24)
    assert curves.watts[0, 0] == 750


def test_day_curves__two_series__are_summed_and_named_by_date() -> None:
    curves = day_curves(series_of(np.full((2, 14 * 96), 60)), ROME)
    assert curves.names[0] == "2026-03-02"
    assert curves.wh.shape == (14, 96)
    assert set(curves.wh.ravel()) == {120.0}


def test_day_curves__skipped_hour__is_drawn_between_its_neighbours() -> None:
    first = date(2026, 3, 23)
    slots = (midnight_s(date(2026, 4, 6), ROME) - midnight_s(first, ROME)) // 900
    curves = day_curves(series_of(np.full(slots, 80), first), ROME)
    assert curves.wh[curves.names.index("2026-03-29")].tolist() == [80.0] * 96


def test_day_curves__thirteen_covered_days__give_none() -> None:
    assert day_curves(series_of(np.ones(13 * 96)), ROME).names == ()


def test_series__half_hours__are_refused() -> None:
    with pytest.raises(InputError, match="900 or 3600"):
        series_of(np.ones(48), step_s=1800)
