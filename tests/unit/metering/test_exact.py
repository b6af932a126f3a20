"""Exact decimals and the one rounding: what is a number, and that columns and rows agree."""

from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gettone.errors import InputError
from gettone.metering.exact import parse_decimal, parse_decimals, rhe, rhe_array

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("text", "mark", "number"),
    [
        ("0,187", ",", (187, -3)),
        ("2.2758", ".", (22758, -4)),
        ("1.0004069e-07", ".", (10004069, -14)),
        ("-1.5E3", ".", (-15, 2)),
        (" +12 ", ".", (12, 0)),
        (".284", ".", (284, -3)),
        ("-,5", ",", (-5, -1)),
        ("-0", ".", (0, 0)),
        ("000000000000000000000007", ".", (7, 0)),
        ("999999999999999", ".", (999999999999999, 0)),
    ],
)
def test_parse_decimal__number__is_exact(text: str, mark: str, number: tuple[int, int]) -> None:
    assert parse_decimal(text, mark) == number


WRONG = ["", " ", "-", ".", "-.", "5.", ".e1", "1,5", "1.5.2", "1 000", "1'000", "=1+1", "0x10", "1e", "1e1000", "nan",
         "inf", "\uff11\uff12", "1234567890123456", "0.1234567890123456", "1e31", "1e-31"]  # fmt: skip


@pytest.mark.parametrize("text", WRONG)
def test_parse_decimal__anything_else__is_refused(text: str) -> None:
    with pytest.raises(InputError) as refusal:
        parse_decimal(text)
    assert refusal.value.code == "number_syntax"


def test_parse_decimals__wrong_ones_and_nulls__are_broken_and_the_others_stand() -> None:
    found = parse_decimals(pa.array([*WRONG, None, "-0.25"]))
    assert found.broken.tolist() == [True] * (len(WRONG) + 1) + [False]
    assert (found.mantissa[-1], found.exponent[-1]) == (-25, -2)
    assert not found.mantissa[:-1].any()


numbers = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**14), max_value=10**14, places=None)
texts = st.one_of(
    numbers.map(str),
    st.integers(-(10**16), 10**16).map(str),
    st.text("0123456789.,+-eE =", max_size=8),
    st.none(),
)


@settings(deadline=None)
@given(st.lists(texts, max_size=20), st.sampled_from([".", ","]))
def test_parse_decimals__any_texts__agree_with_one_by_one(found: list[str | None], mark: str) -> None:
    columns = parse_decimals(pa.array(found, pa.string()), mark)
    for at, text in enumerate(found):
        try:
            assert parse_decimal(text or "", mark) == (columns.mantissa[at], columns.exponent[at])
            assert not columns.broken[at]
        except InputError:
            assert columns.broken[at]


@settings(deadline=None)
@given(st.integers(-(10**17), 10**17), st.integers(1, 10**17))
def test_rhe__any_fraction__is_that_of_exact_decimals(numerator: int, denominator: int) -> None:
    whole = rhe(numerator, denominator)
    assert abs(2 * (numerator - whole * denominator)) <= denominator
    if abs(2 * (numerator - whole * denominator)) == denominator:
        assert whole % 2 == 0
    assert rhe_array(np.array([numerator]), np.array([denominator])).tolist() == [whole]


@pytest.mark.parametrize(("numerator", "denominator", "whole"), [(1, 2, 0), (3, 2, 2), (5, 2, 2), (-3, 2, -2)])
def test_rhe__halves__go_to_the_even_one(numerator: int, denominator: int, whole: int) -> None:
    assert rhe(numerator, denominator) == whole == round(Decimal(numerator) / denominator)
