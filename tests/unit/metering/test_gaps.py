"""Rules V16 to V18 by column."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gettone.metering.checks.gaps import NOT_KNOWN, STATES, Gaps, estimate_gaps, find_gaps, judge_gaps, suspected_clocks

pytestmark = pytest.mark.unit
NO_BOUND = 2**31


def gap(before: int, after: int, length: int, energy: int | None = None, measured: bool = True) -> Gaps:
    columns = (0, 1, length, before, after)
    arrays = (np.array([value], dtype=np.int64) for value in columns)
    return Gaps(*arrays, np.array([measured]), np.array([NOT_KNOWN if energy is None else energy]))


def state(one: Gaps, bound: int = NO_BOUND, step_s: int = 900) -> str:
    return STATES[judge_gaps(one, np.array([bound]), step_s)[0]].value


def estimates(one: Gaps) -> list[int]:
    return estimate_gaps(one, judge_gaps(one, np.array([NO_BOUND]), 900)).wh.tolist()


@pytest.mark.parametrize(
    ("slots", "step_s", "expected"),
    [(23, 900, "estimated"), (24, 900, "long"), (5, 3600, "estimated"), (6, 3600, "long")],
)
def test_judge_gaps__vector_17_5__six_hours_are_never_filled(slots: int, step_s: int, expected: str) -> None:
    assert state(gap(200, 100, slots), step_s=step_s) == expected


def test_judge_gaps__vector_17_4__too_little_energy_is_implausible() -> None:
    assert state(gap(42, 14, 5, 15)) == "implausible"


@pytest.mark.parametrize(("energy", "expected"), [(35, "estimated"), (34, "implausible"), (500, "estimated")])
def test_judge_gaps__half_of_the_smaller_neighbour__is_enough(energy: int, expected: str) -> None:
    assert state(gap(42, 14, 5, energy), bound=100) == expected


def test_judge_gaps__more_than_the_bound_allows__is_implausible() -> None:
    assert state(gap(42, 14, 5, 501), bound=100) == "implausible"


@pytest.mark.parametrize(
    ("before", "after", "energy", "expected"),
    [
        (200, -100, None, "unfilled"),
        (0, -100, None, "estimated"),
        (-200, -100, -600, "estimated"),
        (-200, -100, 600, "unfilled"),
        (0, 0, 600, "estimated"),
    ],
)
def test_judge_gaps__signs__must_agree(before: int, after: int, energy: int | None, expected: str) -> None:
    assert state(gap(before, after, 4, energy)) == expected


def test_judge_gaps__neighbour_not_measured__stays_unfilled() -> None:
    assert state(gap(200, 100, 4, measured=False)) == "unfilled"


def test_judge_gaps__long_gap_with_little_energy__is_long() -> None:
    assert state(gap(200, 100, 24, 1)) == "long"


@pytest.mark.parametrize("sign", [1, -1])
def test_estimate_gaps__known_energy__has_its_sign(sign: int) -> None:
    assert estimates(gap(200 * sign, 100 * sign, 4, 600 * sign)) == [188 * sign, 163 * sign, 137 * sign, 112 * sign]


def test_estimate_gaps__unknown_energy__is_taken_from_the_neighbours() -> None:
    assert estimates(gap(101, 102, 3)) == [101, 101, 102]


def test_estimate_gaps__long_gap__has_none() -> None:
    assert estimates(gap(101, 102, 24, 3000)) == []


def matrix(qualities: list[int]) -> Gaps:
    quality = np.array([qualities], dtype=np.int8)
    return find_gaps(np.arange(10, 10 + len(qualities), dtype=np.int64)[None, :], quality)


def test_find_gaps__between_two_values__is_one_gap() -> None:
    found = matrix([1, 0, 0, 3])
    assert [column.tolist() for column in (found.first, found.length, found.before_wh, found.after_wh)] == [
        [1],
        [2],
        [10],
        [13],
    ]


@pytest.mark.parametrize("qualities", [[0, 1, 1], [1, 1, 0], [0, 0, 0], [1, 2, 1], [1, 4, 1]])
def test_find_gaps__open_end_or_another_value__is_no_gap(qualities: list[int]) -> None:
    assert not matrix(qualities).row.size


@pytest.mark.parametrize(("before", "measured"), [(1, True), (3, True), (2, False), (4, False)])
def test_find_gaps__neighbour__is_measured_with_quality_1_or_3(before: int, measured: bool) -> None:
    assert matrix([before, 0, 1]).measured.tolist() == [measured]


def test_suspected_clocks__two_devices_from_one_slot__are_suspected() -> None:
    assert suspected_clocks(np.array([7, 7, 9]), np.array([1, 2, 1])).tolist() == [7]


def test_suspected_clocks__two_channels_of_one_device__are_not() -> None:
    assert suspected_clocks(np.array([7, 7]), np.array([1, 1])).tolist() == []


QUALITIES = st.lists(st.sampled_from([0, 0, 0, 1, 1, 2, 3, 4]), min_size=1, max_size=60)


@given(QUALITIES, st.integers(0, 2**32))
@settings(max_examples=200, deadline=None)
def test_estimate_gaps__any_row__fills_missing_slots_alone_and_each_once(qualities: list[int], seed: int) -> None:
    quality = np.array([qualities], dtype=np.int8)
    wh = np.random.default_rng(seed).integers(-50, 50, quality.shape)
    gaps = find_gaps(wh, quality)
    found = estimate_gaps(gaps, judge_gaps(gaps, np.full(len(gaps.row), NO_BOUND), 900))
    columns = (gaps.first[found.gap] + found.offset).tolist()
    assert len(set(columns)) == len(columns)
    assert all(qualities[at] == 0 for at in columns)
