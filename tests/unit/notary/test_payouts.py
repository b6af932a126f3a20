"""From entitlement to payout, carried amount, payout words and chunks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gettone.errors import InputError
from gettone.notary import payouts, tree

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("entitled", "before", "carried", "skipped", "cap", "wallet", "payout", "after"),
    [
        (100, 0, 0, 0, 1000, True, 100, 0),
        (100, 0, 0, 0, 1000, False, 0, 100),
        (100, 0, 50, 20, 1000, True, 170, 0),
        (100, 130, 0, 0, 1000, True, 0, -30),
        (100, 0, -30, 0, 1000, True, 70, 0),
        (1500, 0, 0, 0, 1000, True, 1000, 500),
        (2**97, 0, 0, 0, 2**120, True, 2**96 - 1, 2**97 - 2**96 + 1),
    ],
)
def test_settle_dues__case__payout_and_carried(
    entitled: int, before: int, carried: int, skipped: int, cap: int, wallet: bool, payout: int, after: int
) -> None:
    dues = payouts.settle_dues(
        entitlement_units=entitled,
        entitlement_before_units=before,
        carried_before_units=carried,
        skipped_units=skipped,
        member_cap_units=cap,
        has_wallet=wallet,
    )
    assert (dues.payout_units, dues.carried_after_units) == (payout, after)


@given(*[st.integers(0, 2**100)] * 2, st.integers(-(2**100), 2**100), *[st.integers(0, 2**100)] * 2, st.booleans())
def test_settle_dues__any__nothing_created_or_lost(
    entitled: int, before: int, carried: int, skipped: int, cap: int, wallet: bool
) -> None:
    dues = payouts.settle_dues(
        entitlement_units=entitled,
        entitlement_before_units=before,
        carried_before_units=carried,
        skipped_units=skipped,
        member_cap_units=cap,
        has_wallet=wallet,
    )
    assert 0 <= dues.payout_units <= min(cap, payouts.MAX_PAYOUT_UNITS)
    assert dues.payout_units + dues.carried_after_units == entitled - before + carried + skipped


def test_plan_payouts__unordered_with_zeros__ascending_chunks_with_proofs() -> None:
    amounts = [(bytes([number]) * 20, number * 10) for number in (5, 3, 9, 1, 7)] + [(bytes([4]) * 20, 0)]
    plan = payouts.plan_payouts(amounts, 2)
    words = [word for chunk in plan.chunks for word in chunk]
    assert words == sorted(words)
    assert [len(chunk) for chunk in plan.chunks] == [2, 2, 1]
    assert plan.total_units == 250
    assert [payouts.split_word(word) for word in words] == sorted(amounts[:5])
    hashes = payouts.chunk_hashes(plan.chunks)
    for number, proof in enumerate(plan.proofs):
        assert tree.verify_path(hashes[number], number, 3, proof, plan.root)


def test_plan_payouts__nobody__no_chunks() -> None:
    plan = payouts.plan_payouts([], 10)
    assert (plan.chunks, plan.root, plan.proofs, plan.total_units) == ((), bytes(32), (), 0)


@pytest.mark.parametrize(
    ("amounts", "size"),
    [
        ([(bytes([1]) * 20, 1), (bytes([1]) * 20, 2)], 5),
        ([(bytes(20), 1)], 5),
        ([(bytes([1]) * 20, 2**96)], 5),
        ([(bytes([1]) * 20, -1)], 5),
        ([(bytes([1]) * 19, 1)], 5),
        ([], 0),
    ],
)
def test_plan_payouts__impossible__refused(amounts: list[tuple[bytes, int]], size: int) -> None:
    with pytest.raises(InputError):
        payouts.plan_payouts(amounts, size)
