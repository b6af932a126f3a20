"""One database of each kind for all tests of a file: what is imported once is looked at by many."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from gettone.db.engine import Database
from gettone.vault import Vault
from oracle.intake import Intake, open_intake
from tests.factories.database_copies import KINDS, DatabaseCopies


@dataclass(frozen=True)
class Platform:
    """An upgraded database with its intake, and a folder for files."""

    database: Database
    vault: Vault
    intake: Intake
    folder: Path


@pytest.fixture(scope="module", params=KINDS)
def platform(
    request: pytest.FixtureRequest, databases: DatabaseCopies, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Platform]:
    """A platform on SQLite, then one on a private PostgreSQL."""
    folder = tmp_path_factory.mktemp("platform")
    with databases.upgraded(request.param, folder) as url:
        database, vault = Database(url), Vault(secrets.token_bytes(32))
        yield Platform(database, vault, open_intake(database, vault, folder / "lake"), folder)
        database.close()
