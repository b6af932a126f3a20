"""Rule V15 by column."""

import numpy as np
import pytest

from gettone.metering.checks.comparisons import (
    by_hour,
    injected_from_nowhere,
    low_yields,
    night_slots,
    produced_at_night,
    sources_apart,
    sums_apart,
)

pytestmark = pytest.mark.unit


def column(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int64)


@pytest.mark.parametrize(("total", "apart"), [(1000, False), (1096, False), (904, False), (1097, True), (903, True)])
def test_sums_apart__more_than_one_wh_a_value__is_found(total: int, apart: bool) -> None:
    assert sums_apart(column(1000), column(total), column(96)).tolist() == [apart]


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        (100, 105, False),
        (100, 106, True),
        (1000, 1020, False),
        (1000, 1021, True),
        (980, 1000, False),
        (979, 1000, True),
        (-100, -106, True),
        (3, -3, True),
        (0, 5, False),
    ],
)
def test_sources_apart__five_wh_and_two_percent__are_allowed(one: int, other: int, apart: bool) -> None:
    assert sources_apart(column(one), column(other)).tolist() == [apart]


@pytest.mark.parametrize(("injected", "apart"), [(600, False), (601, True)])
def test_injected_from_nowhere__more_than_produced_and_discharged__is_found(injected: int, apart: bool) -> None:
    assert injected_from_nowhere(column(injected), column(400), column(200)).tolist() == [apart]


@pytest.mark.parametrize(
    ("hour", "night"), [(22.75, False), (23, True), (23.75, True), (0, True), (2.75, True), (3, False), (12, False)]
)
def test_night_slots__local_23_to_03__are_night(hour: float, night: bool) -> None:
    assert night_slots(column(int(hour * 3600) - 7200 + 86400), column(7200)).tolist() == [night]


@pytest.mark.parametrize(("wh", "found"), [(-20, False), (-21, True), (20, False), (21, True)])
def test_produced_at_night__two_percent_of_4_kw_in_a_quarter__are_20_wh(wh: int, found: bool) -> None:
    assert produced_at_night(column(wh)[None, :], np.array([[True]]), column(4000), 900).tolist() == [[found]]


def test_produced_at_night__unknown_peak__is_not_judged() -> None:
    assert produced_at_night(column(-900)[None, :], np.array([[True]]), column(0), 900).tolist() == [[False]]


def test_produced_at_night__missing_value__is_not_judged() -> None:
    assert produced_at_night(column(-900)[None, :], np.array([[False]]), column(4000), 900).tolist() == [[False]]


@pytest.mark.parametrize(("last", "found"), [(500, False), (499, True)])
def test_low_yields__half_of_the_median_per_kw__is_enough(last: int, found: bool) -> None:
    yields = low_yields(column(4000, 5000, last * 2), column(4000, 5000, 2000))
    assert yields.tolist() == [False, False, found]


def test_low_yields__even_number_of_plants__takes_the_middle_of_both() -> None:
    assert low_yields(column(100, 200, 400, 74), column(1000, 1000, 1000, 1000)).tolist() == [False, False, False, True]


def test_low_yields__no_plant__finds_nothing() -> None:
    assert low_yields(column(), column()).tolist() == []


def test_by_hour__hour_with_a_missing_quarter__is_not_complete() -> None:
    wh = np.arange(1, 9, dtype=np.int64)[None, :]
    measured = np.ones((1, 8), dtype=bool)
    measured[0, 6] = False
    energy, complete = by_hour(wh, measured, 900)
    assert (energy.tolist(), complete.tolist()) == ([[10, 19]], [[True, False]])
