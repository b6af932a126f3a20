"""Three operators of one community: a chain, three databases with the same registry and readings, two must sign."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from gettone.chain.client import ChainClient
from gettone.chain.local import LocalChain
from tests.factories.community import throwaway_account
from tests.factories.database_copies import DatabaseCopies
from tests.factories.village import FIRST_DAY, POOL, Village, another_operator, make_village

ORACLES = ("oracle", "second_oracle", "third_oracle")
Operators = tuple[Village, Village, Village]


@pytest.fixture
def make_operators(
    local_chain: LocalChain, chain_client: ChainClient, tmp_path: Path, databases: DatabaseCopies
) -> Iterator[Callable[[str], Operators]]:
    """Makes three operators with databases of a kind; nobody has imported anything yet."""
    with ExitStack() as stack:

        def make(kind: str) -> Operators:
            folders = [tmp_path / name for name in ORACLES]
            for one in folders:
                one.mkdir()
            urls = [stack.enter_context(databases.upgraded(kind, one)) for one in folders]
            first = make_village(
                local_chain,
                chain_client,
                folders[0],
                urls[0],
                size=3,
                required_signatures=2,
                oracle=[throwaway_account(one).address for one in ORACLES],
            )
            first.oracle_names = ORACLES[:1]
            others = [another_operator(first, *place) for place in zip(folders[1:], urls[1:], ORACLES[1:], strict=True)]
            first.schedule(POOL)
            for one in (first, *others):
                stack.callback(one.database.close)
            return (first, others[0], others[1])

        yield make


@pytest.fixture
def operators(make_operators: Callable[[str], Operators]) -> Operators:
    """Three operators on SQLite with the same readings of the first day."""
    made = make_operators("sqlite")
    for one in made:
        one.import_day(FIRST_DAY)
    return made
