"""A chain that went back is refused by index and reconciliation, before and after it has grown again."""

import pytest

from gettone.chain.client import ChainClient
from gettone.chain.index.rpc import NodeRpc
from gettone.db import schema
from gettone.db.engine import Database
from gettone.db.repositories.communities import Communities
from gettone.errors import Conflict, GettoneError, Unreachable
from oracle.index.context import IndexContext
from oracle.index.job import run_index
from oracle.reconcile.job import reconcile
from tests.factories.community import TestCommunity

pytestmark = pytest.mark.chain

COMMUNITY = "fontana"


@pytest.fixture
def index(deployed_community: TestCommunity, chain_client: ChainClient, tmp_path: object) -> IndexContext:
    """An index of a small community, five blocks of which the chain then forgets."""
    url = f"sqlite:///{tmp_path}/index.sqlite"
    schema.upgrade(url)
    context = IndexContext(Database(url), deployed_community.contracts)
    with context.database.write() as connection:
        Communities(connection).get_or_create(COMMUNITY, tz="Europe/Rome")
    deployed_community.join_members(6)
    run_index(context, COMMUNITY)
    NodeRpc(chain_client.rpc_url).ask("anvil_rollback", 5)
    return context


def refusals(context: IndexContext) -> list[GettoneError]:
    found = []
    for job in (lambda: run_index(context, COMMUNITY), lambda: reconcile(context, COMMUNITY, started_by="tester")):
        with pytest.raises(GettoneError) as refusal:
            job()
        found.append(refusal.value)
    return found


def test_run_index__head_five_blocks_back__unknown_block_refused(index: IndexContext) -> None:
    found = refusals(index)
    assert [(type(one), one.code) for one in found] == [(Unreachable, "node_behind")] * 2
    assert "went back" in found[0].message


def test_run_index__grown_again_on_another_branch__refused_with_both_hashes(
    index: IndexContext, deployed_community: TestCommunity
) -> None:
    node = NodeRpc(deployed_community.client.rpc_url)
    node.ask("evm_increaseTime", 1_000)
    node.ask("anvil_mine", "0x8")
    assert [(type(one), one.code) for one in refusals(index)] == [(Conflict, "chain_went_back")] * 2
