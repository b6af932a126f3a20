"""The gas figures that size a chunk hold on a real chain with an assignment fee, and are not far above it."""

from pathlib import Path

import pytest

from gettone.chain.chunks import PAY_BASE_GAS, PAY_GAS_PER_PAYOUT
from gettone.chain.client import ChainClient
from gettone.chain.local import LocalChain
from gettone.notary.payouts import plan_payouts
from tests.factories.community import (
    POOL_MODEL,
    SEPTEMBER_END_S,
    SEPTEMBER_START_S,
    september_proposal,
)
from tests.factories.deployed_community import deploy_test_community

pytestmark = pytest.mark.chain

SMALL, LARGE = 10, 60


def test_pay__small_and_large_chunk__cost_below_the_figures_and_near_them(
    local_chain: LocalChain, chain_client: ChainClient, tmp_path: Path
) -> None:
    policy = {"fees": {"assignment_to_citizen_bps": 100}}
    community = deploy_test_community(
        local_chain, chain_client, tmp_path / "deployments", joined=SMALL + LARGE, policy=policy
    )
    ledger = community.contracts.ledger
    community.schedule_model(POOL_MODEL, SEPTEMBER_START_S)
    community.chain.set_time(SEPTEMBER_END_S + 3600)
    wallets = sorted(bytes.fromhex(one.address[2:]) for one in community.members.values())
    used = {}
    for index, (count, payees) in enumerate(((SMALL, wallets[:SMALL]), (LARGE, wallets[SMALL:]))):
        plan = plan_payouts([(wallet, 2**95 // 10**12) for wallet in payees], count)
        community.open(
            september_proposal(
                community,
                revision=index,
                leaf_count=count,
                total_units=plan.total_units,
                payouts_root=plan.root,
                chunk_count=1,
            )
        )
        call = ledger.pay(0, index, 0, plan.chunks[0], plan.proofs[0])
        used[count] = community.sender("oracle").send(call, f"pay/{index}").gas_used

    per_payout = -(-(used[LARGE] - used[SMALL]) // (LARGE - SMALL))
    base = used[SMALL] - SMALL * per_payout
    assert PAY_GAS_PER_PAYOUT * 90 // 100 < per_payout <= PAY_GAS_PER_PAYOUT
    assert base + 32 * 600 <= PAY_BASE_GAS
