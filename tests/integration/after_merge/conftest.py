"""One database of each kind for all tests of a module; every test has meters, flow and community of its own."""

import secrets
from collections.abc import Iterator

import pytest

from gettone.db.engine import Database
from gettone.vault import Vault
from tests.factories.database_copies import KINDS, DatabaseCopies
from tests.factories.merged_readings import Meters


@pytest.fixture(scope="module", params=KINDS)
def database(
    request: pytest.FixtureRequest, databases: DatabaseCopies, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """An upgraded database."""
    with databases.upgraded(request.param, tmp_path_factory.mktemp("after_merge")) as url:
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
