"""Villages on fresh local chains, one database each."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gettone.chain.client import ChainClient
from gettone.chain.local import LocalChain
from tests.factories.village import FIRST_DAY, POOL, Village, make_village

MakeVillage = Callable[..., Village]


@pytest.fixture
def new_village(
    local_chain: LocalChain, chain_client: ChainClient, tmp_path: Path, database_url: str
) -> Iterator[MakeVillage]:
    """Makes a village on the test's chain, on SQLite and on PostgreSQL; its database is closed after the test."""
    made: list[Village] = []

    def make(**changes: Any) -> Village:
        made.append(make_village(local_chain, chain_client, tmp_path, database_url, **changes))
        return made[-1]

    yield make
    for village in made:
        village.database.close()


@pytest.fixture
def village(new_village: MakeVillage) -> Village:
    """Nine members with a wallet each, a pool model, and the readings of 1 July 2016."""
    made = new_village()
    made.schedule(POOL)
    made.import_day(FIRST_DAY)
    return made
