"""The reconciliation: chain, index, settlements, leaves and outbox must say the same of every token."""

import json
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection

from gettone.chain.index.events import collection_paused, events_of
from gettone.chain.index.rpc import NodeRpc
from gettone.db.repositories.chain_index import ChainIndex, CursorRow
from gettone.db.repositories.communities import Communities
from gettone.db.repositories.reconciliation_facts import outbox_facts
from gettone.db.repositories.reconciliations import ReconciliationRow, Reconciliations
from gettone.errors import MissingInput
from oracle.index.context import IndexContext
from oracle.reconcile.books import Books
from oracle.reconcile.chain_checks import check_balances_on_chain, check_escrow, check_ledger, check_supply
from oracle.reconcile.findings import Findings
from oracle.reconcile.index_checks import check_balances, check_count, check_events
from oracle.reconcile.outbox_checks import check_known, check_receipts
from oracle.reconcile.settlement_checks import SettlementChecks

SCHEMA = "gettone.reconciliation/1"


def system_ms() -> int:
    """The time now [unix ms] by the clock that also dates the rows of the outbox."""
    return time.time_ns() // 1_000_000


def reconcile(
    context: IndexContext,
    community: str,
    *,
    started_by: str,
    at_block: int | None = None,
    now_ms: Callable[[], int] = system_ms,
) -> ReconciliationRow:
    """Compare everything at one block, by default that of the index's cursor, and store the report.

    The chain is read again from the first block of the contracts on: what is compared with it is never taken from it.
    Nothing else is changed, and nothing is mended.  Raises MissingInput `index_missing` or `index_behind`, Conflict
    `chain_went_back`, Unreachable; then there is no report.
    """
    started_at = now_ms()
    with context.database.read() as connection:
        community_id = Communities(connection).get(community).community_id
        run = _Run(context, connection, community_id, at_block)
        run.read_events()
        run.check_all(started_at)
        document = {"schema": SCHEMA, "community": community, **run.to_document()}
    report = json.dumps(document, sort_keys=True, ensure_ascii=False)
    row = ReconciliationRow(community_id, run.block, started_by, started_at, now_ms(), run.findings.count, report)
    with context.database.write() as connection:
        Reconciliations(connection).add(row)
    return row


class _Run:
    """One reconciliation in one view of the database."""

    def __init__(self, context: IndexContext, connection: Connection, community_id: int, at_block: int | None) -> None:
        contracts = context.contracts
        self.findings = Findings()
        self._context, self._contracts = context, contracts
        self._rpc = NodeRpc(contracts.client.rpc_url)
        self._index = ChainIndex(connection, community_id)
        self._cursor = _cursor_for(self._index, at_block, contracts.first_block)
        self.block = self._cursor.block_number if at_block is None else at_block
        self._books = Books(contracts.treasury.address, contracts.exchange.address, self.findings)
        self._settlements = SettlementChecks(connection, community_id, self.findings)
        self._outbox = outbox_facts(connection, contracts.client.genesis_hash)
        self._times: dict[int, int] = {}
        self._checked = {"events": 0, "transactions": len(self._outbox)}
        self._supply = 0

    def read_events(self) -> None:
        """All events from the chain: each range is compared with the index, entered in the books, and forgotten."""
        reader, decoder = self._context.reader(), self._context.decoder()
        reader.require_same(self._cursor.block_number, self._cursor.block_hash)
        for found in reader.ranges(self._contracts.first_block, self.block, None):
            with collection_paused():
                events = events_of(decoder, found)
            self._checked["events"] += len(events)
            check_events(self._index, found, events, self.findings)
            times = {one.number: one.time_s for one in (*found.blocks, found.last)}
            for event in events:
                chunk = self._books.post(event)
                if chunk is not None:
                    self._settlements.check_chunk(chunk)
                if event.event in ("SettlementOpened", "SettlementPaid", "SettlementVoided"):
                    self._times[event.block_number] = times[event.block_number]
            self._times[self.block] = found.last.time_s

    def check_all(self, now_ms: int) -> None:
        """Everything that is judged when all events are known."""
        books, findings = self._books, self.findings
        self._supply = check_supply(self._contracts, books, self.block, findings)
        check_escrow(books, findings)
        check_ledger(books, findings)
        self._checked["balances"] = check_balances_on_chain(self._contracts, books, self.block, findings)
        check_balances(self._index, self._cursor, self.block, books.balances, findings)
        if self.block == self._cursor.block_number:
            check_count(self._cursor, self._checked["events"], findings)
        self._checked["settlements"] = self._settlements.check_settlements(books, self.block, self._times)
        check_receipts(self._rpc, self._outbox, now_ms, findings)
        check_known(self._rpc, self._outbox, books.service_transactions, findings)

    def to_document(self) -> dict[str, Any]:
        """Block, what was compared, the totals [base units, as text] and all differences."""
        books = self._books
        totals = {
            "supply": self._supply,
            "paid": books.paid_units,
            "issued": books.issued_units,
            "burned": books.burned_units,
            "fees": books.fee_units,
            "escrow": sum(books.escrow.values()),
        }
        return {
            "block_number": self.block,
            "block_time_s": self._times[self.block],
            "checked": self._checked,
            "totals_units": {name: str(units) for name, units in totals.items()},
            **self.findings.to_document(),
        }


def _cursor_for(index: ChainIndex, at_block: int | None, first_block: int) -> CursorRow:
    cursor = index.cursor()
    if cursor is None:
        raise MissingInput(
            "index_missing", "there is no event index of this community yet: run gettone indexer run --once first"
        )
    if at_block is not None and not first_block <= at_block <= cursor.block_number:
        raise MissingInput(
            "index_behind",
            f"block {at_block} is not in the event index, which holds blocks {first_block} to {cursor.block_number}: "
            "run gettone indexer run --once, or name one of those",
        )
    return cursor
