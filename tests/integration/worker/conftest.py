"""One database of either kind for all tests of the worker: their jobs have names of their own."""

from collections.abc import Iterator

import psycopg
import pytest

from gettone.db import schema
from gettone.db.engine import Database
from tests.factories.working import Shop


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def shared_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of an upgraded database that the tests of this folder share."""
    url = f"sqlite:///{tmp_path_factory.mktemp('worker')}/worker.sqlite"
    if request.param == "postgresql":
        server: str = request.getfixturevalue("postgres_url")
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute("CREATE DATABASE test_worker")
        url = server.removesuffix("postgres") + "test_worker"
    schema.upgrade(url)
    return url


@pytest.fixture
def shop(shared_url: str) -> Iterator[Shop]:
    """A clock, jobs that the test makes up, and the shared database."""
    database = Database(shared_url)
    yield Shop(database)
    database.close()
