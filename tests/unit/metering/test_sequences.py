"""Rule V14 by column."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from gettone.metering.checks.sequences import catch_ups, runs_of, stuck_runs, zero_runs

pytestmark = pytest.mark.unit
WEEK = 672


def row(*values: int) -> np.ndarray:
    return np.array([values], dtype=np.int64)


def everywhere(wh: np.ndarray) -> np.ndarray:
    return np.ones(wh.shape, dtype=bool)


def spans(runs) -> list[tuple[int, int, int]]:
    return list(zip(*(column.tolist() for column in runs), strict=True))


@pytest.mark.parametrize(
    ("count", "value", "found"),
    [(24, 999, [(0, 2, 24)]), (23, 999, []), (24, 40, []), (24, 0, []), (24, 99, []), (24, 100, [(0, 2, 24)])],
)
def test_stuck_runs__vector_14_1__quarantines_24_large_values_alone(count: int, value: int, found: list) -> None:
    wh = row(1, 2, *[value] * count, 3)
    assert spans(stuck_runs(wh, everywhere(wh))) == found


def test_stuck_runs__constant_production__is_found_too() -> None:
    wh = row(*[-500] * 30)
    assert spans(stuck_runs(wh, everywhere(wh))) == [(0, 0, 30)]


def test_stuck_runs__missing_value_inside__breaks_the_run() -> None:
    wh = row(*[999] * 40)
    present = everywhere(wh)
    present[0, 20] = False
    assert spans(stuck_runs(wh, present)) == []


def test_stuck_runs__two_values_next_to_each_other__are_two_runs() -> None:
    wh = row(*[999] * 24, *[998] * 25)
    assert spans(stuck_runs(wh, everywhere(wh))) == [(0, 0, 24), (0, 24, 25)]


@pytest.mark.parametrize(("count", "found"), [(WEEK, [(0, 1, WEEK)]), (WEEK - 1, [])])
def test_zero_runs__seven_days_of_quarters__are_found(count: int, found: list) -> None:
    wh = row(5, *[0] * count, 7)
    assert spans(zero_runs(wh, everywhere(wh), 900)) == found


def test_zero_runs__hourly_channel__counts_168_values() -> None:
    wh = row(*[0] * 168)
    assert spans(zero_runs(wh, everywhere(wh), 3600)) == [(0, 0, 168)]


def test_zero_runs__missing_value__is_not_a_zero() -> None:
    wh = row(*[0] * WEEK)
    present = everywhere(wh)
    present[0, 300] = False
    assert spans(zero_runs(wh, present, 900)) == []


@pytest.mark.parametrize(
    ("before", "received", "found"), [(0, True, True), (0, False, True), (120, True, False), (-5, True, False)]
)
def test_catch_ups__value_beyond_the_bound__is_found_after_a_zero_or_a_gap(
    before: int, received: bool, found: bool
) -> None:
    beyond = np.array([[False, True]])
    assert catch_ups(row(before, 0), np.array([[received, False]]), beyond).tolist() == [[False, found]]


def test_catch_ups__two_values_beyond_the_bound__only_the_first_catches_up() -> None:
    beyond = np.array([[False, True, True]])
    assert catch_ups(row(0, 0, 0), np.array([[True, False, False]]), beyond).tolist() == [[False, True, False]]


MATRICES = arrays(np.int64, st.tuples(st.integers(1, 3), st.integers(1, 90)), elements=st.sampled_from([0, 100, 999]))


@given(MATRICES, st.integers(0, 2**32))
@settings(max_examples=150, deadline=None)
def test_stuck_runs__any_matrix__equals_a_plain_walk(wh: np.ndarray, seed: int) -> None:
    rng = np.random.default_rng(seed)
    wh = np.repeat(wh, 12, axis=1)
    present = rng.random(wh.shape) > 0.01
    assert spans(stuck_runs(wh, present)) == walk(wh, present)


def walk(wh: np.ndarray, present: np.ndarray) -> list[tuple[int, int, int]]:
    found = []
    for number, (values, usable) in enumerate(zip(wh.tolist(), present.tolist(), strict=True)):
        first = 0
        for at in range(len(values) + 1):
            goes_on = at < len(values) and usable[at] and abs(values[at]) >= 100
            if goes_on and at > first and values[at] == values[at - 1]:
                continue
            if at - first >= 24:
                found.append((number, first, at - first))
            first = at if goes_on else at + 1
    return found


@given(arrays(bool, st.tuples(st.integers(1, 4), st.integers(0, 12))), st.integers(1, 4))
@settings(max_examples=150, deadline=None)
def test_runs_of__any_mask__covers_each_true_column_of_long_runs_once(mask: np.ndarray, at_least: int) -> None:
    drawn = np.zeros_like(mask)
    for number, first, length in spans(runs_of(mask, at_least)):
        assert length >= at_least
        assert not drawn[number, max(first - 1, 0) : first + length].any()
        drawn[number, first : first + length] = True
    assert (drawn <= mask).all()
    assert not runs_of(mask & ~drawn, at_least).row.size
