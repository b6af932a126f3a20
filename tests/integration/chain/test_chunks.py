"""The gas figures that size a chunk hold on a real chain, and are not far above it."""

import pytest

from gettone.chain.chunks import PAY_BASE_GAS, PAY_GAS_PER_PAYOUT
from gettone.notary.payouts import plan_payouts
from gettone.notary.proposal import SettlementProposal
from tests.factories.community import (
    POOL_MODEL,
    SEPTEMBER_END_S,
    SEPTEMBER_START_S,
    TestCommunity,
)

pytestmark = pytest.mark.chain

SMALL, LARGE = 10, 60


def test_pay__small_and_large_chunk__cost_below_the_figures_and_near_them(
    deployed_community: TestCommunity,
) -> None:
    community, ledger = deployed_community, deployed_community.contracts.ledger
    community.join_members(SMALL + LARGE)
    community.schedule_model(POOL_MODEL, SEPTEMBER_START_S)
    community.chain.set_time(SEPTEMBER_END_S + 3600)
    wallets = sorted(bytes.fromhex(one.address[2:]) for one in community.members.values())
    used = {}
    for index, (count, payees) in enumerate(((SMALL, wallets[:SMALL]), (LARGE, wallets[SMALL:]))):
        plan = plan_payouts([(wallet, 2**95 // 10**12) for wallet in payees], count)
        proposal = SettlementProposal(
            *(ledger.deployment_id(), 0, index, SEPTEMBER_START_S, SEPTEMBER_END_S, 1),
            *(bytes(32), bytes(32), count, bytes(32), bytes(32), bytes(32), 0),
            *(plan.total_units, plan.root, 1, ledger.last_settlement_hash()),
        )
        community.open(proposal)
        call = ledger.pay(0, index, 0, plan.chunks[0], plan.proofs[0])
        used[count] = community.sender("oracle").send(call, f"pay/{index}").gas_used

    per_payout = -(-(used[LARGE] - used[SMALL]) // (LARGE - SMALL))
    base = used[SMALL] - SMALL * per_payout
    assert PAY_GAS_PER_PAYOUT * 90 // 100 < per_payout <= PAY_GAS_PER_PAYOUT
    assert base + 32 * 600 <= PAY_BASE_GAS
