"""What agreements move when they are settled: every unit of the escrow is somebody's."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gettone.chain.agreement import Terms
from gettone.chain.categories import Kind
from gettone.chain.consent import MemberClass
from gettone.economy.legs import COMMUNITY, Incentive, Leg, funding_of, incentive_of, legs_of, shares_of

pytestmark = pytest.mark.unit

ANNA, BRUNO, SHOP = ("0a" * 32, "0b" * 32, "0c" * 32)
CITIZEN, STAKEHOLDER = MemberClass.CITIZEN, MemberClass.STAKEHOLDER
FEES = {(CITIZEN, CITIZEN): 100, (CITIZEN, STAKEHOLDER): 1000, (STAKEHOLDER, CITIZEN): 500}
RULE = {"fixedUnits": 10, "priceBps": 1000, "capUnits": 50, "providerPermille": 700, "requiredChecks": 1}


def terms(category: int, kind: Kind = Kind.SERVICE, **changes: Any) -> Terms:
    fields: dict[str, Any] = {"provider": ANNA, "payers": (BRUNO,), "price_units": 199, "deadline_s": 2_000_000_000}
    fields |= {"content_hash": bytes(32), "salt": bytes(32)}
    return Terms(category=category, kind=kind, **fields | changes)


def test_legs_of__between_citizens__fee_rounded_down() -> None:
    assert legs_of(terms(1), FEES) == (Leg(ANNA, 198, 1, "price"),)


def test_legs_of__structure__compensated_with_the_fee_of_its_class() -> None:
    found = legs_of(terms(2, structure=SHOP, compensation_units=100), FEES)
    assert found == (Leg(ANNA, 198, 1, "price"), Leg(SHOP, 90, 10, "compensation"))


def test_legs_of__new_goods__tokens_go_to_the_buyer() -> None:
    assert legs_of(terms(3, Kind.NEW_GOODS, provider=SHOP), FEES) == (Leg(BRUNO, 190, 9, "price"),)


def test_legs_of__loan__deposit_comes_back_without_fee() -> None:
    found = legs_of(terms(1, Kind.LOAN, deposit_units=50, return_by_s=2_000_000_001), FEES)
    assert found == (Leg(ANNA, 198, 1, "price"), Leg(BRUNO, 50, 0, "deposit"))


def test_legs_of__community_pays__no_fee() -> None:
    assert legs_of(terms(6, payers=()), FEES) == (Leg(ANNA, 199, 0, "price"),)


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (terms(1), {BRUNO: 199}),
        (terms(2, structure=SHOP, payers=(BRUNO, "0d" * 32)), {BRUNO: 100, "0d" * 32: 99}),
        (terms(3, Kind.NEW_GOODS, provider=SHOP), {SHOP: 199}),
        (terms(8, payers=(), structure=SHOP, compensation_units=1), {COMMUNITY: 200}),
    ],
    ids=["payer", "shared", "reseller", "community"],
)
def test_funding_of__who_pays__into_the_escrow(one: Terms, expected: dict[str, int]) -> None:
    assert funding_of(one) == expected


def test_incentive_of__fixed_and_share_of_the_price__split_and_capped() -> None:
    assert incentive_of(terms(1), RULE) == Incentive(20, 9, 1)
    assert incentive_of(terms(1, price_units=10**6), RULE) == Incentive(35, 15, 1)


@pytest.mark.parametrize("one", [terms(1), terms(6, payers=())])
def test_incentive_of__no_rule_or_no_payers__nothing(one: Terms) -> None:
    assert incentive_of(one, RULE if not one.payers else None) == Incentive(0, 0, 0)


@given(st.integers(0, 2**96), st.integers(1, 32))
def test_shares_of__any_amount__sums_to_it_and_differs_by_one(units: int, count: int) -> None:
    shares = shares_of(units, count)
    assert (len(shares), sum(shares)) == (count, units)
    assert max(shares) - min(shares) <= 1
