"""A client refuses the wrong network, in one sentence with both values."""

import socket

import pytest

from gettone.chain.client import ChainClient, connect
from gettone.chain.community_token import CommunityToken
from gettone.chain.local import CHAIN_ID, GAS_LIMIT, LocalChain
from gettone.errors import Conflict, Unreachable
from tests.factories.community import CHAIN_START_S, TestCommunity, throwaway_account

pytestmark = pytest.mark.chain


def test_connect__local_chain__genesis_clock_and_gas_limit(local_chain: LocalChain) -> None:
    client = connect(local_chain.rpc_url, CHAIN_ID)
    assert len(client.genesis_hash) == 32
    assert client.now_s() == CHAIN_START_S
    assert client.block_gas_limit == GAS_LIMIT
    again = connect(local_chain.rpc_url, CHAIN_ID, genesis_hash=client.genesis_hash)
    assert again.genesis_hash == client.genesis_hash


def test_connect__wrong_chain_id__both_numbers_named(local_chain: LocalChain) -> None:
    with pytest.raises(Conflict) as refusal:
        connect(local_chain.rpc_url, 1982)
    assert refusal.value.code == "wrong_chain_id"
    assert "1981" in refusal.value.message
    assert "1982" in refusal.value.message


def test_connect__wrong_genesis__both_hashes_named(chain_client: ChainClient) -> None:
    other = b"\xab" * 32
    with pytest.raises(Conflict) as refusal:
        connect(chain_client.rpc_url, CHAIN_ID, genesis_hash=other)
    assert refusal.value.code == "wrong_genesis"
    assert other.hex() in refusal.value.message
    assert chain_client.genesis_hash.hex() in refusal.value.message


def test_connect__nobody_listens__unreachable() -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        with pytest.raises(Unreachable) as refusal:
            connect(f"http://127.0.0.1:{reserved.getsockname()[1]}", CHAIN_ID)
    assert refusal.value.code == "chain_unreachable"
    assert refusal.value.exit_status == 7


def test_read__chain_stopped_meanwhile__unreachable(deployed_community: TestCommunity) -> None:
    deployed_community.chain.stop()
    with pytest.raises(Unreachable) as refusal:
        deployed_community.contracts.token.total_supply()
    assert refusal.value.code == "chain_unreachable"


def test_read__no_contract_at_the_address__says_another_deployment(chain_client: ChainClient) -> None:
    token = CommunityToken.at(chain_client, throwaway_account("nowhere").address)
    with pytest.raises(Conflict) as refusal:
        token.total_supply()
    assert refusal.value.code == "no_contract"


def test_logs__more_blocks_than_one_page__all_found(
    deployed_community: TestCommunity, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployed_community.join_members(3)
    whole = deployed_community.contracts.members.members_joined()
    monkeypatch.setattr("gettone.chain.client.LOGS_BLOCK_RANGE", 2)
    assert deployed_community.contracts.members.members_joined() == whole
    assert [one.member_id for one in whole] == list(deployed_community.members)
