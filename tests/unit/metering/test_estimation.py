"""Rule V17: the energy of a gap and its place in time, in integers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gettone.errors import CheckFailed
from gettone.metering.checks.estimation import line_energy_wh, place_energy_wh
from gettone.rewards.allocation import largest_remainder

pytestmark = pytest.mark.unit
WH = st.integers(0, 2**31)
GAPS = st.tuples(WH, WH, WH, st.integers(1, 23))
SMALL_GAPS = st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(0, 200), st.integers(1, 23))


def column(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def place(before: int, after: int, energy: int, slots: int) -> list[int]:
    return place_energy_wh(column(before), column(after), column(energy), slots)[0].tolist()


@pytest.mark.parametrize(
    ("before", "after", "energy", "expected"),
    [
        (200, 100, 600, [188, 163, 137, 112]),
        (900, 0, 400, [231, 119, 44, 6]),
        (101, 102, 304, [101, 101, 102]),
        (340, 144, 1363, [303, 238, 187, 149, 125, 113, 116, 132]),
    ],
    ids=["17.1", "17.2", "17.3", "17.6"],
)
def test_place_energy_wh__vectors__give_the_slots_of_the_specification(
    before: int, after: int, energy: int, expected: list[int]
) -> None:
    assert place(before, after, energy, len(expected)) == expected


@pytest.mark.parametrize(("before", "after", "slots", "energy"), [(101, 102, 3, 304), (1, 0, 1, 0), (1, 2, 1, 2)])
def test_line_energy_wh__odd_double__is_rounded_half_even(before: int, after: int, slots: int, energy: int) -> None:
    assert line_energy_wh(column(before), column(after), column(slots)).tolist() == [energy]


def weights(before: int, after: int, energy: int, n: int) -> list[int]:
    rate_before, rate_after = min(n * before, 3 * energy), min(n * after, 3 * energy)

    def cumulative(i: int) -> int:
        return (
            energy * (3 * i**2 * n - 2 * i**3)
            + rate_before * (i**3 - 2 * i**2 * n + i * n**2)
            + rate_after * (i**3 - i**2 * n)
        )

    return [cumulative(i) - cumulative(i - 1) for i in range(1, n + 1)]


@given(st.one_of(GAPS, SMALL_GAPS))
@settings(max_examples=300, deadline=None)
def test_place_energy_wh__any_gap__is_the_largest_remainder_of_its_weights(gap: tuple[int, int, int, int]) -> None:
    assert place(*gap) == list(largest_remainder(gap[2], weights(*gap)).units) or gap[2] == 0


@given(st.one_of(GAPS, SMALL_GAPS))
@settings(max_examples=300, deadline=None)
def test_place_energy_wh__any_gap__sums_to_its_energy(gap: tuple[int, int, int, int]) -> None:
    assert sum(place(*gap)) == gap[2]


@given(st.one_of(GAPS, SMALL_GAPS))
@settings(max_examples=300, deadline=None)
def test_place_energy_wh__any_gap__has_no_negative_weight(gap: tuple[int, int, int, int]) -> None:
    assert min(weights(*gap)) >= 0


def test_place_energy_wh__several_gaps__each_by_itself() -> None:
    both = place_energy_wh(column(200, 900), column(100, 0), column(600, 400), 4)
    assert both.tolist() == [place(200, 100, 600, 4), place(900, 0, 400, 4)]


@pytest.mark.parametrize(("energy", "slots"), [(2**48 + 1, 3), (10, 24)])
def test_place_energy_wh__beyond_its_limits__is_refused(energy: int, slots: int) -> None:
    with pytest.raises(CheckFailed, match="has no estimate"):
        place(1, 1, energy, slots)
