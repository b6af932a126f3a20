"""One chain with a counting contract for all tests of the outbox that do not restart it."""

from collections.abc import Iterator

import pytest

from gettone.chain.client import ChainClient, connect
from gettone.chain.local import CHAIN_ID, LocalChain
from tests.factories.community import CHAIN_START_S
from tests.factories.counting_contract import deploy_counter


@pytest.fixture(scope="module")
def shared_chain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalChain]:
    """A chain of the module."""
    with LocalChain.start(tmp_path_factory.mktemp("outbox") / "chain", timestamp_s=CHAIN_START_S) as chain:
        yield chain


@pytest.fixture(scope="module")
def shared_client(shared_chain: LocalChain) -> ChainClient:
    """A client of the module's chain, without a proxy."""
    return connect(shared_chain.rpc_url, CHAIN_ID)


@pytest.fixture(scope="module")
def counter(shared_client: ChainClient) -> str:
    """A counting contract on the module's chain."""
    return deploy_counter(shared_client)
