"""Chunk size follows from the network's limits."""

import pytest

from gettone.chain.chunks import PAY_BASE_GAS, PAY_GAS_PER_PAYOUT, TRANSACTION_BYTES_MAX, payouts_per_chunk, with_margin
from gettone.errors import InputError

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("block_gas_limit", [10_000_000, 30_000_000, 45_000_000])
def test_payouts_per_chunk__any_block__largest_number_within_half_of_it(block_gas_limit: int) -> None:
    count = payouts_per_chunk(block_gas_limit)
    cost = PAY_BASE_GAS + count * PAY_GAS_PER_PAYOUT
    assert cost <= block_gas_limit // 2 < cost + PAY_GAS_PER_PAYOUT


def test_payouts_per_chunk__transaction_cap_below_half_a_block__cap_decides() -> None:
    count = payouts_per_chunk(60_000_000, 16_777_216)
    cost = PAY_BASE_GAS + count * PAY_GAS_PER_PAYOUT
    assert with_margin(cost) <= 16_777_216 < with_margin(cost + PAY_GAS_PER_PAYOUT)


def test_payouts_per_chunk__huge_block__bytes_of_a_transaction_decide() -> None:
    assert payouts_per_chunk(10**9) * 32 <= TRANSACTION_BYTES_MAX


def test_payouts_per_chunk__block_too_small_for_one__refused_with_the_numbers() -> None:
    with pytest.raises(InputError) as refusal:
        payouts_per_chunk(2 * PAY_BASE_GAS)
    assert refusal.value.code == "block_gas_limit"
    assert str(PAY_BASE_GAS + PAY_GAS_PER_PAYOUT) in refusal.value.message
