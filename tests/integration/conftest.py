"""What integration tests share: a local chain of their own and a deployed community on it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gettone.chain.client import ChainClient, connect
from gettone.chain.local import CHAIN_ID, LocalChain
from tests.factories.community import CHAIN_START_S, TestCommunity, deploy_test_community


@pytest.fixture
def local_chain(tmp_path: Path) -> Iterator[LocalChain]:
    """A fresh chain in the summer of 2016, stopped after the test."""
    with LocalChain.start(tmp_path / "chain", timestamp_s=CHAIN_START_S) as chain:
        yield chain


@pytest.fixture
def chain_client(local_chain: LocalChain) -> ChainClient:
    """A client of the fresh chain."""
    return connect(local_chain.rpc_url, CHAIN_ID)


@pytest.fixture
def deployed_community(local_chain: LocalChain, chain_client: ChainClient, tmp_path: Path) -> TestCommunity:
    """The community Fontana, deployed and registered, without members and models."""
    return deploy_test_community(local_chain, chain_client, tmp_path / "deployments")
