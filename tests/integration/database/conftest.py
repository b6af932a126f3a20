"""Every database test runs twice: on SQLite, and on a private PostgreSQL."""

import itertools
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from gettone.db import schema
from gettone.db.engine import Database
from gettone.vault import Vault
from tests.integration.database.postgres_cluster import private_cluster

_NUMBERS = itertools.count(1)


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
    """An upgraded database."""
    schema.upgrade(database_url)
    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def vault() -> Vault:
    """A vault with a throw-away key."""
    return Vault(secrets.token_bytes(32))
