"""The workers of these tests, on a database of their own."""

import pytest

from gettone.db.engine import Database
from tests.factories.working import Shop


@pytest.fixture
def shop(database: Database) -> Shop:
    """A clock, jobs that the test makes up, and a database of either kind."""
    return Shop(database)
