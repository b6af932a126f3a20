"""Draws that are the same everywhere, and sums that are exact."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gettone.errors import CheckFailed
from gettone.generator.draws import below, draw, draw_below, draws
from gettone.generator.shares import half_even, share_rows
from gettone.rewards.allocation import largest_remainder

pytestmark = pytest.mark.unit


def test_draw__vector_of_the_specification__is_met() -> None:
    assert draw("demo-1", "load/m001/2025-06-21", 0) == 0xD79C64C90E0A28E8


def test_draw_below__vector_of_the_specification__is_842() -> None:
    assert draw_below("demo-1", "load/m001/2025-06-21", 0, 1000) == 842


def test_draws__by_column__equal_the_single_ones() -> None:
    labels = ["load/m001/2025-06-21", "load/m002/2025-06-21"]
    assert draws("demo-1", labels, 3).tolist() == [[draw("demo-1", one, i) for i in range(3)] for one in labels]


@given(st.integers(0, 2**64 - 1), st.integers(1, 2**31 - 1))
def test_below__any_draw__equals_the_exact_product(drawn: int, limit: int) -> None:
    assert below(np.array([drawn], np.uint64), limit)[0] == drawn * limit >> 64


def test_below__limit_of_2_to_31__is_refused() -> None:
    with pytest.raises(ValueError, match="outside"):
        below(np.zeros(1, np.uint64), 1 << 31)


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=12), st.integers(0, 10**9))
def test_share_rows__any_row__equals_the_rule_of_the_rewards(weights: list[int], total: int) -> None:
    shared = share_rows(np.array([total]), np.array([weights]))
    assert tuple(shared[0].tolist()) == largest_remainder(total, weights).units


def test_share_rows__too_large__is_refused() -> None:
    with pytest.raises(CheckFailed, match="63 bits"):
        share_rows(np.array([2**40]), np.array([[2**40]]))


@given(st.integers(-(10**15), 10**15), st.integers(1, 10**6))
def test_half_even__any_fraction__is_that_of_exact_arithmetic(numerator: int, denominator: int) -> None:
    assert half_even(np.array([numerator]), denominator)[0] == round(Fraction(numerator, denominator))
