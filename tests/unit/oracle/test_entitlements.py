"""Payouts and carried amounts of LECN-1 §2."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracle.settle.entitlements import PAYOUT_LIMIT_UNITS, Claim, pay_out

pytestmark = pytest.mark.unit
units = st.integers(0, 2**128 - 1)


def claim(
    entitlement: int, before: int = 0, carried: int = 0, skipped: int = 0, wallet: bool = True
) -> Claim:
    return Claim(entitlement, before, carried, skipped, wallet)


def test_pay_out__first_settlement__pays_the_entitlement() -> None:
    assert pay_out(claim(700), 1000).payout_units == 700


def test_pay_out__above_the_member_cap__carries_the_rest() -> None:
    paid = pay_out(claim(700), 500)
    assert (paid.payout_units, paid.carried_after_units) == (500, 200)


def test_pay_out__no_wallet__carries_everything() -> None:
    paid = pay_out(claim(700, wallet=False), 1000)
    assert (paid.payout_units, paid.carried_after_units) == (0, 700)


def test_pay_out__revision_lowers_the_entitlement__is_offset_later_and_never_negative() -> None:
    paid = pay_out(claim(500, before=700), 1000)
    assert (paid.payout_units, paid.carried_after_units) == (0, -200)


def test_pay_out__skipped_payout__is_claimed_again() -> None:
    assert pay_out(claim(100, skipped=40), 1000).payout_units == 140


def test_pay_out__cap_above_the_payout_word__stops_at_the_word() -> None:
    assert pay_out(claim(2**100), 2**127).payout_units == PAYOUT_LIMIT_UNITS


@given(units, units, st.integers(-(2**100), 2**100), units, st.booleans(), units)
def test_pay_out__any_claim__nothing_is_lost(
    entitlement: int, before: int, carried: int, skipped: int, wallet: bool, cap: int
) -> None:
    paid = pay_out(claim(entitlement, before, carried, skipped, wallet), cap)
    assert paid.payout_units + paid.carried_after_units == entitlement - before + carried + skipped
    assert 0 <= paid.payout_units <= cap
