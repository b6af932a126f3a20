"""What integration tests share: a local chain of their own, a deployed community on it, a database of either kind."""

import itertools
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from gettone.chain.client import ChainClient, connect
from gettone.chain.local import CHAIN_ID, LocalChain
from gettone.db import schema
from gettone.db.engine import Database
from gettone.vault import Vault
from tests.factories.community import CHAIN_START_S, TestCommunity, deploy_test_community
from tests.factories.postgres_cluster import private_cluster

_NUMBERS = itertools.count(1)


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


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """One cluster for the session; its folder has a short path, as its socket needs one."""
    folder = Path(tempfile.mkdtemp(prefix="gettone-pg-"))
    folder.chmod(0o755)
    try:
        with private_cluster(folder) as url:
            yield url
    finally:
        shutil.rmtree(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database of its own."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/test.sqlite"
    server: str = request.getfixturevalue("postgres_url")
    name = f"test_{next(_NUMBERS)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return server.removesuffix("postgres") + name


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An upgraded database: a test that asks for it runs twice, on SQLite and on PostgreSQL."""
    schema.upgrade(database_url)
    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def vault() -> Vault:
    """A vault with a throw-away key."""
    return Vault(secrets.token_bytes(32))
