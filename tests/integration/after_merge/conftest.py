"""One database of each kind for all tests of a module; every test has meters, flow and community of its own."""

import secrets
from collections.abc import Iterator

import psycopg
import pytest

from gettone.db import schema
from gettone.db.engine import Database
from gettone.vault import Vault
from tests.factories.merged_readings import Meters


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """An upgraded database."""
    url = f"sqlite:///{tmp_path_factory.mktemp('after_merge')}/test.sqlite"
    if request.param == "postgresql":
        server: str = request.getfixturevalue("postgres_url")
        name = f"after_merge_{secrets.token_hex(4)}"
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        url = server.removesuffix("postgres") + name
    schema.upgrade(url)
    opened = Database(url)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def vault() -> Vault:
    """A vault with a throw-away key."""
    return Vault(secrets.token_bytes(32))


@pytest.fixture
def meters(database: Database, vault: Vault) -> Meters:
    """A community of its own."""
    return Meters(database, vault)
