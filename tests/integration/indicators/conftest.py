"""Databases of either kind: copies of one that holds the 17 homes with their days computed."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from gettone.db.engine import Database
from oracle.indicators.refresh import ensure_days
from tests.factories.database_copies import KINDS, DatabaseCopies
from tests.factories.real_energies import fontana_september
from tests.factories.stored_energies import SEPTEMBER, SLUG, StoredCommunity, store_community


@dataclass(frozen=True)
class Template:
    """A database that every test copies, and what it holds."""

    url: str
    stored: StoredCommunity


@pytest.fixture(scope="session", params=KINDS)
def template(
    request: pytest.FixtureRequest, databases: DatabaseCopies, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Template]:
    """September 2016 of the 17 homes, with the totals of its days."""
    with databases.upgraded(request.param, tmp_path_factory.mktemp("homes")) as url:
        opened = Database(url)
        stored = store_community(opened, fontana_september())
        ensure_days(opened, SLUG, SEPTEMBER.first, SEPTEMBER.end)
        opened.close()
        yield Template(url, stored)


@pytest.fixture
def homes_url(template: Template, databases: DatabaseCopies, tmp_path: Path) -> Iterator[str]:
    """The URL of a copy of its own."""
    with databases.copy(template.url, tmp_path) as url:
        yield url


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
