"""Every token of a village that lived is where its entries say, and each movement has a reason."""

import pytest
from sqlalchemy import text

from gettone.chain.service_exchange import AgreementState
from gettone.db.repositories.communities import Communities
from gettone.db.repositories.statements import Between, Statements
from gettone.db.repositories.token_book import TokenBookRows
from oracle.index.context import IndexContext
from oracle.index.job import forget_index, run_index
from tests.factories.community import member_id_of
from tests.factories.village import COMMUNITY, Village

pytestmark = [pytest.mark.chain, pytest.mark.database]

ALL = 10_000


@pytest.fixture
def indexed(empty_index: IndexContext) -> IndexContext:
    run_index(empty_index, COMMUNITY)
    return empty_index


def community_of(context: IndexContext) -> int:
    with context.database.read() as connection:
        return Communities(connection).get(COMMUNITY).community_id


def reasons_of(context: IndexContext, member: int) -> list[str]:
    with context.database.read() as connection:
        statements = Statements(connection, community_of(context))
        rows = statements.of_holder(bytes.fromhex(member_id_of(member)), Between(), None, ALL)
    return [row.reason for row in rows][::-1]


def test_entries__last_of_each_holder__is_what_the_chain_says(told: Village, indexed: IndexContext) -> None:
    token = told.on_chain.contracts.token
    with indexed.database.read() as connection:
        rows = TokenBookRows(connection, community_of(indexed))
        statements = Statements(connection, community_of(indexed))
        holders = {bytes(one) for one in connection.execute(text("SELECT holder FROM token_wallets")).scalars()}
        found = {one: statements.of_holder(one, Between(), None, 1) for one in holders}
        wallets = {one: list(rows.wallets_of(one)) for one in holders}
    assert sum(rows[0].balance_units for rows in found.values() if rows) == token.total_supply()
    for holder, rows_of in found.items():
        expected = sum(token.balance_of(wallet) for wallet in wallets[holder])
        assert (rows_of[0].balance_units if rows_of else 0) == expected


def test_entries__whole_story__every_movement_explained(indexed: IndexContext) -> None:
    assert reasons_of(indexed, 0) == ["reward", "agreement_payment"]
    assert reasons_of(indexed, 1) == ["reward", "agreement_escrow", "agreement_escrow"]
    assert reasons_of(indexed, 2) == ["wallet_replacement"]
    with indexed.database.read() as connection:
        found = set(connection.execute(text("SELECT reason FROM token_entries")).scalars())
    assert "unexplained" not in found


def test_agreements__settled_and_open__as_the_exchange_has_them(told: Village, indexed: IndexContext) -> None:
    with indexed.database.read() as connection:
        rows = TokenBookRows(connection, community_of(indexed))
        ids = [bytes(one) for one in connection.execute(text("SELECT agreement_id FROM chain_agreements")).scalars()]
        found = rows.agreements(ids)
    exchange = told.on_chain.contracts.exchange
    assert {one.state for one in found.values()} == {AgreementState.SETTLED, AgreementState.ACCEPTED}
    assert {key: one.state for key, one in found.items()} == {one: exchange.agreement(one).state for one in found}
    assert all(one.terms.agreement_id() == key for key, one in found.items())


def test_forget_index__entries_too(indexed: IndexContext) -> None:
    forget_index(indexed, COMMUNITY)
    tables = ("token_entries", "token_wallets", "chain_agreements", "chain_agreement_parties")
    with indexed.database.read() as connection:
        assert [connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() for table in tables] == [0] * 4
