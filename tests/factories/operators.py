"""Three operators of one community: a chain, three databases with the same registry, two oracles must sign."""

from contextlib import ExitStack
from pathlib import Path

from gettone.chain.client import ChainClient
from gettone.chain.local import LocalChain
from tests.factories.community import throwaway_account
from tests.factories.database_copies import DatabaseCopies
from tests.factories.village import POOL, Village, another_operator, make_village

ORACLES = ("oracle", "second_oracle", "third_oracle")
Operators = tuple[Village, Village, Village]


def make_operators(
    stack: ExitStack, chain: LocalChain, client: ChainClient, databases: DatabaseCopies, folder: Path, kind: str
) -> Operators:
    """Operators with databases of a kind, which the stack closes; nobody has imported a reading yet."""
    folders = [folder / name for name in ORACLES]
    for one in folders:
        one.mkdir()
    urls = [stack.enter_context(databases.upgraded(kind, one)) for one in folders]
    addresses = [throwaway_account(one).address for one in ORACLES]
    first = make_village(chain, client, folders[0], urls[0], size=3, required_signatures=2, oracle=addresses)
    first.oracle_names = ORACLES[:1]
    second, third = (another_operator(first, *place) for place in list(zip(folders, urls, ORACLES, strict=True))[1:])
    first.schedule(POOL)
    for one in (first, second, third):
        stack.callback(one.database.close)
    return (first, second, third)
