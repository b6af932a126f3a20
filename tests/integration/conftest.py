"""What integration tests share: a local chain of their own, a deployed community on it, a database of either kind."""

import secrets
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from gettone.chain.client import ChainClient, connect
from gettone.chain.local import CHAIN_ID, LocalChain
from gettone.db.engine import Database
from gettone.vault import Vault
from tests.factories.community import CHAIN_START_S, TestCommunity
from tests.factories.database_copies import KINDS, DatabaseCopies
from tests.factories.deployed_community import deploy_test_community
from tests.factories.postgres_cluster import private_cluster


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


@pytest.fixture(scope="session")
def databases(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> DatabaseCopies:
    """Makes databases; the cluster starts with the first on PostgreSQL."""
    return DatabaseCopies(tmp_path_factory.mktemp("databases"), lambda: request.getfixturevalue("postgres_url"))


@pytest.fixture(params=KINDS)
def empty_database_url(request: pytest.FixtureRequest, databases: DatabaseCopies, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database of its own."""
    with databases.empty(request.param, tmp_path) as url:
        yield url


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, databases: DatabaseCopies, tmp_path: Path) -> Iterator[str]:
    """The URL of an upgraded database of its own: a test that asks for it runs twice, on SQLite and on PostgreSQL."""
    with databases.upgraded(request.param, tmp_path) as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """The same database, opened."""
    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def replica(database_url: str, databases: DatabaseCopies, tmp_path: Path) -> Iterator[Database]:
    """Another upgraded database of the same kind as `database`, without a row."""
    kind = next(one for one in KINDS if database_url.startswith(one))
    with databases.upgraded(kind, tmp_path) as url:
        opened = Database(url)
        yield opened
        opened.close()


@pytest.fixture
def embedded_url(databases: DatabaseCopies, tmp_path: Path) -> Iterator[str]:
    """The URL of an upgraded SQLite file of its own, for what is tested on one kind or beside `database`."""
    with databases.upgraded("sqlite", tmp_path) as url:
        yield url


@pytest.fixture
def embedded(embedded_url: str) -> Iterator[Database]:
    """The same file, opened."""
    opened = Database(embedded_url)
    yield opened
    opened.close()


@pytest.fixture
def vault() -> Vault:
    """A vault with a throw-away key."""
    return Vault(secrets.token_bytes(32))
