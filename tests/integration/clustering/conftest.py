"""What is stored runs twice, on SQLite and on a private PostgreSQL; what is only read, on the embedded one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gettone.db import schema
from gettone.db.engine import Database


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Database]:
    """An upgraded SQLite file."""
    url = f"sqlite:///{tmp_path}/embedded.sqlite"
    schema.upgrade(url)
    opened = Database(url)
    yield opened
    opened.close()
