"""What is stored runs twice, on SQLite and on a private PostgreSQL; what is only read, on the embedded one."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from gettone.db import schema
from gettone.db.engine import Database
from gettone.vault import Vault


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An upgraded database."""
    schema.upgrade(database_url)
    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Database]:
    """An upgraded SQLite file."""
    url = f"sqlite:///{tmp_path}/embedded.sqlite"
    schema.upgrade(url)
    opened = Database(url)
    yield opened
    opened.close()


@pytest.fixture
def vault() -> Vault:
    """A vault with a throw-away key."""
    return Vault(secrets.token_bytes(32))
