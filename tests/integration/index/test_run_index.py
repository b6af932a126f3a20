"""The index holds every event of the chain, and balances that are those of the chain, however it came about."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, event, text

from gettone.chain.index.ranges import RangeReader
from gettone.chain.index.rpc import NodeRefusal, NodeRpc
from gettone.db.engine import Database
from gettone.db.repositories.chain_index import ChainIndex
from gettone.db.repositories.communities import Communities
from gettone.errors import CheckFailed, Conflict
from oracle.index.context import IndexContext
from oracle.index.job import run_index
from tests.factories.village import COMMUNITY, Village

pytestmark = [pytest.mark.chain, pytest.mark.database]

TABLES = (
    "chain_cursors",
    "chain_blocks",
    "chain_events",
    "token_balances",
    "token_entries",
    "token_wallets",
    "chain_agreements",
    "chain_agreement_parties",
)


class KilledError(BaseException):
    """The process ends here."""


def rows_of(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """All tables of the index, in an order of their own."""
    with database.read() as connection:
        return {
            table: sorted((tuple(row) for row in connection.execute(text(f"SELECT * FROM {table}"))), key=repr)
            for table in TABLES
        }


def index_of(connection: Connection) -> ChainIndex:
    return ChainIndex(connection, Communities(connection).get(COMMUNITY).community_id)


def short_ranges(monkeypatch: pytest.MonkeyPatch, blocks: int = 9) -> None:
    monkeypatch.setattr("gettone.chain.index.ranges.FIRST_SPAN", blocks)
    monkeypatch.setattr(RangeReader, "_fit_span", lambda *_: None)


def expected_tables(context: IndexContext) -> dict[str, list[tuple[Any, ...]]]:
    """What one undisturbed run stores; taken away again."""
    run_index(context, COMMUNITY)
    rows = rows_of(context.database)
    with context.database.write() as connection:
        for table in TABLES:
            connection.execute(text(f"DELETE FROM {table}"))
    return rows


def test_run_index__whole_chain__balances_are_those_of_the_chain(told: Village, empty_index: IndexContext) -> None:
    report = run_index(empty_index, COMMUNITY)
    contracts = told.on_chain.contracts
    with empty_index.database.read() as connection:
        balances = index_of(connection).all_balances()
    assert report.block_number == told.on_chain.client.block_number()
    assert sum(one.units for one in balances.values()) == contracts.token.total_supply() > 0
    assert {wallet: one.units for wallet, one in balances.items()} == {
        wallet: contracts.token.balance_of(wallet) for wallet in balances
    }


def test_run_index__whole_chain__events_as_web3_decodes_them(told: Village, empty_index: IndexContext) -> None:
    run_index(empty_index, COMMUNITY)
    contracts = told.on_chain.contracts
    with empty_index.database.read() as connection:
        stored = {(row[0], row[1]): row for row in index_of(connection).events(0, 10**9)}
    for name, gateway in (("CommunityToken", contracts.token), ("SettlementLedger", contracts.ledger)):
        events = {row[4] for row in stored.values() if row[3] == name}
        for one in events - {None}:
            for found in gateway.contract.events(str(one), from_block=0):
                row = stored.pop((found["blockNumber"], found["logIndex"]))
                assert row[2] == bytes(found["transactionHash"])
                assert list(json.loads(str(row[8]))) == [field.rstrip("_") for field in found["args"]]
    assert not [row for row in stored.values() if row[3] in ("CommunityToken", "SettlementLedger")]


def test_run_index__whole_chain__every_log_of_the_set_is_explained(told: Village, empty_index: IndexContext) -> None:
    report = run_index(empty_index, COMMUNITY)
    logs = told.on_chain.client.logs(list(empty_index.addresses.values()), [], 0)
    assert (report.event_count, report.unknown_count) == (len(logs), 0)


def test_run_index__again_at_the_head__changes_nothing(empty_index: IndexContext) -> None:
    run_index(empty_index, COMMUNITY)
    before = rows_of(empty_index.database)
    report = run_index(empty_index, COMMUNITY)
    assert (report.ranges, report.events) == (0, 0)
    assert rows_of(empty_index.database) == before


def test_run_index__short_ranges__same_tables(empty_index: IndexContext, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = expected_tables(empty_index)
    short_ranges(monkeypatch)
    assert run_index(empty_index, COMMUNITY).ranges > 3
    assert rows_of(empty_index.database) == expected


def test_run_index__killed_at_every_statement__same_tables(
    empty_index: IndexContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """CH-2: each run dies at a later statement, goes on where it is, and nothing is lost or there twice."""
    expected = expected_tables(empty_index)
    short_ranges(monkeypatch, 20)
    engine, counted, deaths = empty_index.database.engine, [0], 0

    def count(*_: Any) -> None:
        counted[0] -= 1
        if counted[0] == 0:
            raise KilledError

    event.listen(engine, "before_cursor_execute", count)
    event.listen(engine, "commit", count)
    for lifetime in range(1, 60):
        counted[0] = lifetime
        try:
            run_index(empty_index, COMMUNITY)
        except KilledError:
            deaths += 1
    event.remove(engine, "before_cursor_execute", count)
    event.remove(engine, "commit", count)
    run_index(empty_index, COMMUNITY)
    assert deaths > 10
    assert rows_of(empty_index.database) == expected


def test_run_index__range_refused_as_too_long__halved(
    empty_index: IndexContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = expected_tables(empty_index)
    original: Callable[..., Any] = NodeRpc._batch

    refused: list[int] = []

    def like_besu(node: NodeRpc, questions: Any) -> Any:
        answers = original(node, questions)
        for place, one in enumerate(questions):
            asked = one.params[0] if one.method == "eth_getLogs" else {"fromBlock": "0x0", "toBlock": "0x0"}
            if int(asked["toBlock"], 16) - int(asked["fromBlock"], 16) > 5:
                refused.append(place)
                answers[place] = NodeRefusal(-32005, "Requested range exceeds maximum RPC range limit")
        return answers

    monkeypatch.setattr(NodeRpc, "_batch", like_besu)
    run_index(empty_index, COMMUNITY)
    assert refused
    assert rows_of(empty_index.database) == expected


def test_run_index__block_of_the_cursor_replaced__refused_and_nothing_changed(empty_index: IndexContext) -> None:
    run_index(empty_index, COMMUNITY)
    with empty_index.database.write() as connection:
        connection.execute(text("UPDATE chain_cursors SET block_hash = :other"), {"other": b"\xab" * 32})
    before = rows_of(empty_index.database)
    with pytest.raises(Conflict) as refusal:
        run_index(empty_index, COMMUNITY)
    assert refusal.value.code == "chain_went_back"
    assert "ab" * 32 in refusal.value.message
    assert rows_of(empty_index.database) == before


def test_run_index__index_of_another_contract_set__refused(empty_index: IndexContext) -> None:
    run_index(empty_index, COMMUNITY)
    with empty_index.database.write() as connection:
        connection.execute(text("UPDATE chain_cursors SET token = :other"), {"other": "0x" + "ab" * 20})
    with pytest.raises(Conflict) as refusal:
        run_index(empty_index, COMMUNITY)
    assert refusal.value.code == "foreign_index"


def test_run_index__two_at_once__the_second_is_refused(
    empty_index: IndexContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = expected_tables(empty_index)
    started: list[int] = []
    first_cursor = ChainIndex.cursor

    def stale(index: ChainIndex) -> Any:
        found = first_cursor(index)
        if not started:
            started.append(1)
            run_index(empty_index, COMMUNITY)
        return found

    monkeypatch.setattr(ChainIndex, "cursor", stale)
    with pytest.raises(Conflict) as refusal:
        run_index(empty_index, COMMUNITY)
    assert refusal.value.code == "indexer_running"
    assert rows_of(empty_index.database) == expected


def test_run_index__a_transfer_withheld_by_the_node__refused(
    empty_index: IndexContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    original: Callable[..., Any] = RangeReader.read

    def read(reader: RangeReader, *asked: Any) -> Any:
        found = original(reader, *asked)
        transfers = [one for one in found.logs if one["topics"][0].startswith("0xddf252ad")]
        if transfers:
            found.logs.remove(transfers[-1])
        return found

    monkeypatch.setattr(RangeReader, "read", read)
    with pytest.raises(CheckFailed) as refusal:
        run_index(empty_index, COMMUNITY)
    assert refusal.value.code in ("index_supply", "index_balance")
