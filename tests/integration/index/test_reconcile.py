"""A reconciliation finds nothing where everything agrees, and exactly what was planted where it does not."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from gettone.chain.community_token import CommunityToken
from gettone.chain.index.rpc import NodeRpc
from gettone.db.engine import Database
from gettone.db.repositories.communities import Communities
from gettone.db.repositories.reconciliations import ReconciliationRow, Reconciliations
from gettone.errors import Conflict, MissingInput
from oracle.reconcile.findings import Kind
from oracle.reconcile.job import reconcile
from tests.factories.planted import changed, invented, removed
from tests.factories.village import BUDGET_UNITS, COMMUNITY, Village
from tests.integration.index.conftest import context_of

pytestmark = [pytest.mark.chain, pytest.mark.database]

Plant = Callable[[Database], AbstractContextManager[dict[str, Any]]]
LATER = 2**40


def change(table: str, where: dict[str, Any] | None = None, **changes: Any) -> Plant:
    return lambda database: changed(database, table, where or {}, changes)


def remove(table: str, **where: Any) -> Plant:
    return lambda database: removed(database, table, where)


def invent(table: str, where: dict[str, Any] | None = None, **changes: Any) -> Plant:
    return lambda database: invented(database, table, where or {}, changes)


def one_more(value: Any) -> Any:
    return value + 1


def other_byte(value: bytes, at: int = 0) -> bytes:
    return value[:at] + bytes([value[at] ^ 1]) + value[at + 1 :]


def report_of(village: Village, at_block: int | None = None) -> dict[str, Any]:
    row = reconcile(context_of(village), COMMUNITY, started_by="tester", at_block=at_block)
    report: dict[str, Any] = json.loads(row.report)
    return report


PLANTS: list[tuple[Plant, Kind, str]] = [
    (change("token_balances", units=one_more), Kind.BALANCE, "token_balances, wallet 0x"),
    (remove("token_balances"), Kind.BALANCE, "token_balances, wallet 0x"),
    (invent("token_balances", wallet="0x" + "Ab" * 20), Kind.BALANCE, "0x" + "Ab" * 20),
    (remove("chain_events", event="ChunkPaid"), Kind.EVENT_MISSING, "SettlementLedger.ChunkPaid"),
    (remove("chain_events", event="FeeCharged"), Kind.EVENT_MISSING, "CommunityToken.FeeCharged"),
    (change("chain_events", {"event": "Transfer"}, args="{}"), Kind.EVENT_CHANGED, "args of CommunityToken.Transfer"),
    (change("chain_events", {"event": "Issued"}, event=None), Kind.EVENT_CHANGED, "event of Treasury.Issued"),
    (invent("chain_events", {"event": "Transfer"}, log_index=900), Kind.EVENT_INVENTED, "log_index 900"),
    (change("chain_blocks", block_hash=other_byte), Kind.BLOCK, "chain_blocks, block_number"),
    (change("chain_cursors", event_count=one_more), Kind.EVENT_COUNT, "chain_cursors"),
    (change("settlements", total_units=one_more), Kind.SETTLEMENT_VALUE, "total_units of period 0 revision 0"),
    (change("settlements", fee_units=one_more), Kind.SETTLEMENT_VALUE, "fee_units of period 0"),
    (change("settlements", roster_root=other_byte), Kind.SETTLEMENT_VALUE, "roster_root of period 0"),
    (change("settlements", closed_at=None, state="paid"), Kind.SETTLEMENT_UNFINISHED, "state of period 0"),
    (change("settlement_chunks", {"chunk": 1}, credited_units=one_more), Kind.CHUNK_VALUE, "credited_units of chunk 1"),
    (change("settlement_chunks", {"chunk": 2}, fee_units=one_more), Kind.CHUNK_VALUE, "fee_units of chunk 2"),
    (
        change("settlement_chunks", {"chunk": 1}, payouts=lambda words: other_byte(words, 63)),
        Kind.CHUNK_PAYOUTS,
        "payout 1 of chunk 1",
    ),
    (change("settlement_chunks", {"chunk": 2}, payouts=b""), Kind.CHUNK_PAYOUTS, "payouts of chunk 2"),
    (remove("settlement_chunks", chunk=1), Kind.CHUNK_MISSING, "chunk 1 of period 0"),
    (invent("settlement_chunks", {"chunk": 2}, chunk=3), Kind.CHUNK_VALUE, "payment of chunk 3"),
    (change("settlement_members", {"leaf_index": 4}, payout_units=one_more), Kind.PAYOUT, "payout of leaf 4"),
    (
        change("settlement_members", {"leaf_index": 4}, payout_units=one_more, wallet=None),
        Kind.PAYOUT_SUM,
        "sum of the payouts of period 0",
    ),
    (change("settlement_members", {"leaf_index": 3}, entitlement_units=one_more), Kind.LEAF, "entitlement of leaf 3"),
    (
        change("settlement_members", {"leaf_index": 3}, assignment_leaf=lambda leaf: other_byte(leaf, 80)),
        Kind.ROOT,
        "assignmentRoot of the stored leaves",
    ),
    (change("settlement_members", {"leaf_index": 3}, roster_leaf=other_byte), Kind.ROOT, "rosterRoot of the stored"),
    (remove("chain_transactions"), Kind.TRANSACTION_MISSING, "transaction of SettlementOpened"),
    (change("chain_transactions", block_number=one_more), Kind.RECEIPT, "/open"),
    (change("chain_transactions", state="failed"), Kind.RECEIPT, "/open"),
    (change("chain_transactions", state="superseded"), Kind.RECEIPT, "/open"),
    (change("chain_transactions", block_hash=other_byte), Kind.RECEIPT, "/open"),
    (
        invent(
            "chain_transactions", id=900, nonce=900, tx_hash=b"\x09" * 32, intent="lost", state="sent", created_at=0
        ),
        Kind.TRANSACTION_UNFINISHED,
        "state of lost",
    ),
]


@pytest.mark.parametrize(("plant", "kind", "named"), PLANTS, ids=[f"{n}-{one[1]}" for n, one in enumerate(PLANTS)])
def test_reconcile__one_difference_planted__exactly_that_one_named(
    lived: Village, plant: Plant, kind: Kind, named: str
) -> None:
    with plant(lived.database):
        report = report_of(lived)
    assert report["counts"] == {kind: 1}
    (difference,) = report["differences"]
    assert named in difference["what"] + difference["where"]
    assert difference["expected"] != difference["found"]


def test_reconcile__everything_agrees__no_difference_and_the_totals(lived: Village) -> None:
    report, token = report_of(lived), lived.on_chain.contracts.token
    assert (report["difference_count"], report["differences"]) == (0, [])
    totals = {name: int(units) for name, units in report["totals_units"].items()}
    assert totals["supply"] == token.total_supply() == totals["paid"] + totals["issued"] - totals["burned"]
    assert 0 < totals["paid"] < BUDGET_UNITS
    assert (totals["issued"], totals["burned"], totals["escrow"]) == (10**6, 1_000, 1_000)
    assert totals["fees"] > 0
    assert report["checked"]["settlements"] == 1
    assert report["checked"]["transactions"] == 4


def test_reconcile__intent_that_was_never_signed__is_no_difference(lived: Village) -> None:
    never = {"id": 900, "nonce": None, "tx_hash": None, "raw": None, "block_number": None, "block_hash": None}
    with invented(
        lived.database, "chain_transactions", {}, never | {"intent": "x", "state": "prepared", "created_at": 0}
    ):
        assert report_of(lived)["differences"] == []


def test_reconcile__finished__stored_with_who_when_and_how_many(lived: Village) -> None:
    instants = iter([1_000, 2_000])
    with changed(lived.database, "token_balances", {}, {"units": one_more}):
        row = reconcile(context_of(lived), COMMUNITY, started_by="tester", now_ms=lambda: next(instants))
    with lived.database.read() as connection:
        community_id = Communities(connection).get(COMMUNITY).community_id
        rows = list(connection.exec_driver_sql("SELECT finished_at FROM reconciliations").scalars())
        latest = Reconciliations(connection).latest(community_id)
    assert 2_000 in rows
    assert (row.started_by, row.started_at, row.finished_at, row.differences) == ("tester", 1_000, 2_000, 1)
    assert isinstance(latest, ReconciliationRow)
    assert latest.block_number == row.block_number


def opened_block(village: Village) -> int:
    with village.database.read() as connection:
        return int(connection.exec_driver_sql("SELECT opened_block FROM settlements").scalar_one())


def test_reconcile__at_earlier_blocks__agrees_with_the_chain_of_then(lived: Village) -> None:
    """Before the opening, between the chunks, and after them: what came later is no difference."""
    head, opened = lived.on_chain.client.block_number(), opened_block(lived)
    found = {block: report_of(lived, at_block=block)["differences"] for block in range(opened - 1, head, 2)}
    assert not [block for block, differences in found.items() if differences]


def test_reconcile__settlement_restored_from_the_chain__agrees_without_calculation(lived: Village) -> None:
    restored = {"origin": "chain", "result_digest": "", "assignment_root": None, "leaf_count": None}
    with changed(lived.database, "settlements", {}, restored):
        report = report_of(lived)
    assert report["differences"] == []


def test_reconcile__settlement_only_held__is_no_opening_that_misses(lived: Village) -> None:
    with invented(lived.database, "settlements", {}, {"settlement_id": 900, "period_index": 9, "state": "held"}):
        report = report_of(lived)
    assert report["differences"] == []


def test_reconcile__settlement_under_another_period__missing_and_invented(lived: Village) -> None:
    with changed(lived.database, "settlements", {}, {"period_index": 7}):
        report = report_of(lived)
    assert report["counts"] == {Kind.SETTLEMENT_MISSING: 1, Kind.SETTLEMENT_INVENTED: 1}


def test_reconcile__node_states_another_balance__named(lived: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    original: Callable[..., Any] = NodeRpc._batch
    wallet = lived.on_chain.wallet(1).address.lower()[2:]

    def lying(node: NodeRpc, questions: Any) -> Any:
        answers = original(node, questions)
        for place, one in enumerate(questions):
            if one.method == "eth_call" and one.params[0]["data"].endswith(wallet):
                answers[place] = hex(int(answers[place], 16) + 1)
        return answers

    monkeypatch.setattr(NodeRpc, "_batch", lying)
    report = report_of(lived)
    assert report["counts"] == {Kind.BALANCE_ON_CHAIN: 1}
    assert wallet in report["differences"][0]["what"].lower()


def test_reconcile__node_states_another_supply__both_sums_differ(
    lived: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    original: Callable[..., Any] = CommunityToken.total_supply
    monkeypatch.setattr(CommunityToken, "total_supply", lambda *one, **two: original(*one, **two) + 1)
    report = report_of(lived)
    assert report["counts"] == {Kind.SUPPLY: 2}


def test_reconcile__block_beyond_the_index__refused(lived: Village) -> None:
    with pytest.raises(MissingInput) as refusal:
        report_of(lived, at_block=LATER)
    assert refusal.value.code == "index_behind"


def test_reconcile__no_index__refused(lived: Village) -> None:
    with removed(lived.database, "chain_cursors", {}), pytest.raises(MissingInput) as refusal:
        report_of(lived)
    assert refusal.value.code == "index_missing"


def test_reconcile__chain_went_back__refused(lived: Village) -> None:
    with (
        changed(lived.database, "chain_cursors", {}, {"block_hash": other_byte}),
        pytest.raises(Conflict) as refusal,
    ):
        report_of(lived)
    assert refusal.value.code == "chain_went_back"
