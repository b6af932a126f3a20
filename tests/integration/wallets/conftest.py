"""A community on a chain behind the API, whose newcomers are welcomed with tokens."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gettone.chain.client import ChainClient
from gettone.chain.local import LocalChain
from tests.factories.api_world import close_world
from tests.factories.deployed_community import deploy_test_community
from tests.factories.wallet_world import WalletWorld, open_wallet_world

BONUS_UNITS = 5 * 10**18
POLICY = {
    "bonuses": {"welcome_citizen_units": BONUS_UNITS},
    "budgets": {"issue_per_year_units": 100 * BONUS_UNITS},
}


@pytest.fixture
def wallets(
    local_chain: LocalChain, chain_client: ChainClient, embedded_url: str, tmp_path: Path
) -> Iterator[WalletWorld]:
    community = deploy_test_community(local_chain, chain_client, tmp_path / "deployments", policy=POLICY)
    community.send("token_admin", community.contracts.treasury.issue(20 * BONUS_UNITS))
    opened = open_wallet_world(community, embedded_url, tmp_path)
    yield opened
    close_world(opened.world)
