"""One database of each kind for all tests of a file: what is imported once is looked at by many."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from gettone.db import schema
from gettone.db.engine import Database
from gettone.vault import Vault
from oracle.intake import Intake, open_intake


@dataclass(frozen=True)
class Platform:
    """An upgraded database with its intake, and a folder for files."""

    database: Database
    vault: Vault
    intake: Intake
    folder: Path


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def platform(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """A platform on SQLite, then one on a private PostgreSQL."""
    folder = tmp_path_factory.mktemp("platform")
    url = f"sqlite:///{folder}/test.sqlite"
    if request.param == "postgresql":
        server: str = request.getfixturevalue("postgres_url")
        name = f"generator_{secrets.token_hex(4)}"
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        url = server.removesuffix("postgres") + name
    schema.upgrade(url)
    database, vault = Database(url), Vault(secrets.token_bytes(32))
    yield Platform(database, vault, open_intake(database, vault, folder / "lake"), folder)
    database.close()
