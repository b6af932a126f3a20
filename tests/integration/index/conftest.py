"""One village that lived: a settlement with fees and a skipped payout, an agreement settled and one still open."""

import itertools
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from gettone.chain.agreement import Authorization, Terms
from gettone.chain.client import connect
from gettone.chain.local import CHAIN_ID, LocalChain
from gettone.db import schema
from gettone.db.engine import Database
from gettone.db.repositories.communities import Communities
from gettone.db.repositories.settlement_states import SettlementState
from oracle.index.context import IndexContext
from oracle.index.job import run_index
from oracle.settle.job import run_settlement
from tests.factories.community import CHAIN_START_S, TestCommunity, fund_treasury, member_id_of, permit_of, terms_of
from tests.factories.village import COMMUNITY, FIRST_DAY, POOL, Village, make_village
from tests.integration.settle.changes import replace_wallet
from tests.integration.settle.test_fees import POLICY

RULES = {**POLICY, "budgets": {"issue_per_year_units": str(10**9)}}
PROVIDER, PAYER, REPLACED = 0, 1, 2
_NUMBERS = itertools.count(1)


@contextmanager
def living(url: str | None = None) -> Iterator[Village]:
    """A village with the whole story behind it, on a chain of its own; without a `url` on SQLite."""
    with tempfile.TemporaryDirectory(prefix="gettone-lived-") as name:
        folder = Path(name)
        place = url or f"sqlite:///{folder}/village.sqlite"
        schema.upgrade(place)
        with LocalChain.start(folder / "chain", timestamp_s=CHAIN_START_S) as chain:
            village = make_village(chain, connect(chain.rpc_url, CHAIN_ID), folder, place, policy=RULES)
            # Undone at once: the village lives as long as the session, and other tests settle in it.
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr("oracle.settle.commitment.payouts_per_chunk", lambda _: 4)
                live(village)
            yield village
            village.database.close()


@pytest.fixture(scope="session")
def told() -> Iterator[Village]:
    """A village of which a test takes the chain alone, and leaves it as it found it."""
    with living() as village:
        yield village


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def lived(request: pytest.FixtureRequest) -> Iterator[Village]:
    """A village with its indexed database, of each kind once for the session; a test leaves both as it found them."""
    url = new_database(request.getfixturevalue("postgres_url")) if request.param == "postgresql" else None
    with living(url) as village:
        run_index(context_of(village), COMMUNITY)
        yield village


def context_of(village: Village) -> IndexContext:
    """The village's own database as an index."""
    return IndexContext(village.database, village.on_chain.contracts)


def new_database(server: str) -> str:
    """The URL of an empty database on a server."""
    name = f"lived_{next(_NUMBERS)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return server.removesuffix("postgres") + name


def live(village: Village) -> None:
    """Settle a day in three chunks, with the payout of one member skipped, then trade."""
    village.schedule(POOL)
    village.import_day(FIRST_DAY)
    run_settlement(village.context(), COMMUNITY, FIRST_DAY, until=SettlementState.OPEN)
    replace_wallet(village.on_chain, REPLACED)
    run_settlement(village.context(), COMMUNITY, FIRST_DAY)
    village.on_chain.chain.set_time(village.on_chain.client.now_s() + 2 * 3600)
    fund_treasury(village.on_chain, 10**6)
    settled, still_open = (terms_of(village.on_chain, PROVIDER, PAYER, salt=bytes([n]) * 32) for n in (1, 2))
    for terms in (settled, still_open):
        agree(village.on_chain, terms)
    exchange = village.on_chain.contracts.exchange
    village.on_chain.send("member 0", exchange.deliver(settled, Authorization(member_id_of(PROVIDER))))
    village.on_chain.send("member 1", exchange.confirm(settled, Authorization(member_id_of(PAYER))))
    village.on_chain.send("token_admin", village.on_chain.contracts.treasury.burn(1_000))


def agree(community: TestCommunity, terms: Terms) -> None:
    """Propose as the provider, accept as the payer, whose price goes into escrow."""
    exchange = community.contracts.exchange
    community.send("member 0", exchange.propose(terms, Authorization(member_id_of(PROVIDER))))
    permit = permit_of(community, PAYER, terms.price_units)
    community.send("member 1", exchange.accept(terms, Authorization(member_id_of(PAYER)), permit))


@pytest.fixture
def empty_index(told: Village, database: Database) -> IndexContext:
    """An empty index of the village's chain, in a database of its own."""
    with database.write() as connection:
        Communities(connection).get_or_create(COMMUNITY, tz="Europe/Rome")
    return IndexContext(database, told.on_chain.contracts)
