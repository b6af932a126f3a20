"""Figures of circulation, by whole numbers alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gettone.economy.circulation import Activity, Line, Standing, average_held_down, circulation, permille_of
from gettone.economy.reasons import Reason

pytestmark = pytest.mark.unit

ALICE, BOB, SHOP = b"\xa1" * 32, b"\xb0" * 32, b"\x50" * 32
TREASURY, ESCROW = b"\x7e" * 20, b"\xe5" * 20
DEAL = "0x" + "99" * 32


def line(time_s: int, holder: bytes, reason: Reason, change: int, fee: int = 0, subject: str | None = None) -> Line:
    return Line(time_s, holder, reason.value, change, fee, subject)


LINES = [
    line(100, ALICE, Reason.REWARD, 1000),
    line(110, ALICE, Reason.TRANSFER, -200, 10),
    line(110, BOB, Reason.TRANSFER, 190, 10),
    line(110, TREASURY, Reason.FEE, 10),
    line(120, BOB, Reason.ESCROW, -100, 0, DEAL),
    line(120, ESCROW, Reason.ESCROW, 100, 0, DEAL),
    line(150, ESCROW, Reason.PAYMENT, -100, 0, DEAL),
    line(150, SHOP, Reason.PAYMENT, 100, 0, DEAL),
    line(150, TREASURY, Reason.INCENTIVE, -5, 0, DEAL),
    line(150, SHOP, Reason.INCENTIVE, 5, 0, DEAL),
]
STANDING = Standing(
    {ALICE: 800, BOB: 90, SHOP: 105, TREASURY: 5, ESCROW: 0}, {ALICE: 1, BOB: 1, SHOP: 2}, TREASURY, ESCROW
)


def test_circulation__a_small_economy__every_figure() -> None:
    found = circulation(LINES, STANDING, {DEAL: 3}, 100, 200)
    assert (found.volume_units, found.transfer_count, found.fee_units) == (300, 2, 10)
    # 1000 for 10 s, 990 for 10 s, 890 for 30 s, 995 for 50 s.
    assert found.average_held_units == (1000 * 10 + 990 * 10 + 890 * 30 + 995 * 50) // 100
    assert found.velocity_permille == 300_000 // found.average_held_units
    assert (found.holders, found.active_members, found.supply_units) == (3, 3, 1000)
    assert found.share_permille == {"citizens": 890, "stakeholders": 105, "escrow": 0, "treasury": 5}
    assert found.top_tenth_permille == 800_000 // 995
    assert found.given_units["reward"] == 1000
    assert found.categories == {3: Activity(1, 100, 5)}


def test_circulation__nothing_happened__no_velocity() -> None:
    found = circulation([], Standing({}, {}, TREASURY, ESCROW), {}, 0, 10)
    assert (found.volume_units, found.velocity_permille, found.top_tenth_permille) == (0, None, None)
    assert sum(found.share_permille.values()) == 0


def test_circulation__escrow_and_refund__are_no_trade() -> None:
    lines = [line(1, ALICE, Reason.ESCROW, -9, 0, DEAL), line(2, ESCROW, Reason.REFUND, -9, 0, DEAL)]
    assert circulation(lines, STANDING, {DEAL: 1}, 0, 10).volume_units == 0


def test_average_held_down__nothing_moved__what_is_held() -> None:
    assert average_held_down([], 77, 5, 6) == 77


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 10**30), min_size=1))
def test_permille_of__any_parts__sum_to_1000_and_are_a_thousandth_off_at_most(parts: dict[str, int]) -> None:
    shares, total = permille_of(parts), sum(parts.values())
    assert sum(shares.values()) == (1000 if total else 0)
    assert all(shares[name] * total - units * 1000 + total >= 0 for name, units in parts.items())
    assert all(abs(shares[name] * total - units * 1000) < max(total, 1) for name, units in parts.items())
