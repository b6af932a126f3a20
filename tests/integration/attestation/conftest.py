"""Operators on a chain of their own, or on one that the tests of a file share since they change nothing."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from gettone.chain.client import ChainClient
from gettone.chain.local import LocalChain
from tests.factories.database_copies import DatabaseCopies
from tests.factories.operators import Operators, make_operators
from tests.factories.village import FIRST_DAY


@pytest.fixture
def new_operators(
    local_chain: LocalChain, chain_client: ChainClient, tmp_path: Path, databases: DatabaseCopies
) -> Iterator[Callable[[str], Operators]]:
    """Makes three operators with databases of a kind; nobody has imported anything yet."""
    with ExitStack() as stack:
        yield lambda kind: make_operators(stack, local_chain, chain_client, databases, tmp_path, kind)


@pytest.fixture
def operators(new_operators: Callable[[str], Operators]) -> Operators:
    """Three operators on SQLite with the same readings of the first day."""
    made = new_operators("sqlite")
    for one in made:
        one.import_day(FIRST_DAY)
    return made
