"""Databases of either kind: an empty one, and copies of one that holds the 17 homes with their days computed."""

import itertools
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from gettone.db import schema
from gettone.db.engine import Database
from oracle.indicators.refresh import ensure_days
from tests.factories.real_energies import fontana_september
from tests.factories.stored_energies import SEPTEMBER, SLUG, StoredCommunity, store_community

_COPIES = itertools.count(1)


@dataclass(frozen=True)
class Template:
    """A database that every test copies, and what it holds."""

    url: str
    stored: StoredCommunity


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An upgraded database without readings."""
    schema.upgrade(database_url)
    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def template(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Template:
    """September 2016 of the 17 homes, with the totals of its days."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('homes')}/homes.sqlite"
    else:
        url = _create(request.getfixturevalue("postgres_url"), "homes")
    schema.upgrade(url)
    opened = Database(url)
    stored = store_community(opened, fontana_september())
    ensure_days(opened, SLUG, SEPTEMBER.first, SEPTEMBER.end)
    opened.close()
    return Template(url, stored)


@pytest.fixture
def homes_url(template: Template, tmp_path: Path) -> str:
    """The URL of a copy of its own."""
    if template.url.startswith("sqlite"):
        shutil.copy(template.url.removeprefix("sqlite:///"), tmp_path / "homes.sqlite")
        return f"sqlite:///{tmp_path}/homes.sqlite"
    server = template.url.removesuffix("homes") + "postgres"
    return _create(server, f"homes_{next(_COPIES)}", "TEMPLATE homes")


@pytest.fixture
def homes(homes_url: str) -> Iterator[Database]:
    """A copy of the 17 homes."""
    opened = Database(homes_url)
    yield opened
    opened.close()


@pytest.fixture
def fontana(template: Template) -> StoredCommunity:
    """Members and channels of the 17 homes."""
    return template.stored


def _create(server: str, name: str, rest: str = "") -> str:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} {rest}".encode())
    return server.removesuffix("postgres") + name
