"""The job that keeps the event index: range by range up to the head, each one whole or not at all (CH-2)."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Event

from gettone.chain.index.events import ChainEvent, collection_paused, events_of
from gettone.chain.index.ranges import RangeReader, ReadRange
from gettone.db.repositories.chain_index import ChainIndex, CursorRow, bytes_of
from gettone.db.repositories.communities import Communities
from gettone.db.repositories.token_book import TokenBookRows
from gettone.economy.book import TokenBook, named_in, units_by_holder
from gettone.economy.reasons import SystemWallets
from gettone.errors import CheckFailed, Conflict, Unreachable
from oracle.index.context import IndexContext
from oracle.index.movements import moved, movements_of

log = logging.getLogger(__name__)

POLL_S = 1.0


@dataclass(frozen=True, slots=True)
class IndexReport:
    """Where the index is after a run, and how many ranges and events the run added."""

    block_number: int
    event_count: int
    unknown_count: int
    ranges: int
    events: int


def run_index(context: IndexContext, community: str) -> IndexReport:
    """Bring the index of a community up to the head of the chain; at the head already, this changes nothing.

    Raises Conflict `chain_went_back`, `foreign_index` or `indexer_running`, CheckFailed `index_supply` when the
    balances do not add up to the token's supply, Unreachable without a node.  Ranges stored before stay.
    """
    with context.database.read() as connection:
        community_id = Communities(connection).get(community).community_id
        start = cursor = ChainIndex(connection, community_id).cursor()
    reader, decoder, ranges = context.reader(), context.decoder(), 0
    if cursor is not None:
        _require_own(context, cursor)
        reader.require_same(cursor.block_number, cursor.block_hash)
    for found in _ranges_after(reader, cursor, context.contracts.first_block):
        with collection_paused():
            cursor = _store(context, community_id, cursor, found, events_of(decoder, found))
        ranges += 1
    if cursor is None:
        raise Unreachable(
            "node_behind",
            f"the node does not know block {context.contracts.first_block} yet, in which the contracts were deployed",
        )
    added = cursor.event_count - (start.event_count if start else 0)
    return IndexReport(cursor.block_number, cursor.event_count, cursor.unknown_count, ranges, added)


def forget_index(context: IndexContext, community: str) -> None:
    """Remove the index of a community, so that the next run reads the chain from the first block on."""
    with context.database.write() as connection:
        community_id = Communities(connection).get(community).community_id
        ChainIndex(connection, community_id).forget()
        TokenBookRows(connection, community_id).forget()


def follow_chain(
    context: IndexContext, community: str, stop: Event, seen: Callable[[IndexReport], None]
) -> IndexReport:
    """Index again and again until `stop` is set, telling `seen` whenever there was something; errors as `run_index`."""
    while True:
        report = run_index(context, community)
        if report.ranges:
            seen(report)
        if stop.wait(POLL_S):
            return report


def _ranges_after(reader: RangeReader, cursor: CursorRow | None, first_block: int) -> Iterator[ReadRange]:
    if cursor is None:
        return reader.ranges(first_block, reader.head(), None)
    return reader.ranges(cursor.block_number + 1, reader.head(), (cursor.block_number, cursor.block_hash))


def _store(
    context: IndexContext, community_id: int, before: CursorRow | None, found: ReadRange, events: list[ChainEvent]
) -> CursorRow:
    """Events, balances, entries and cursor of a range, in one transaction."""
    unknown = sum(one.event is None for one in events)
    after = CursorRow(
        context.contracts.token.address,
        found.last.number,
        bytes_of(found.last.hash),
        found.last.time_s,
        (before.event_count if before else 0) + len(events),
        (before.unknown_count if before else 0) + unknown,
    )
    movements = movements_of(events)
    with context.database.write() as connection:
        index = ChainIndex(connection, community_id)
        index.move(before, after)
        index.add_blocks(found.blocks)
        index.add_events(events)
        if events:
            book = _book_before(context, index, TokenBookRows(connection, community_id), events)
            index.put_balances(moved(index.balances(list(movements)), movements))
            book.apply(events)
            TokenBookRows(connection, community_id).store(book)
        _require_supply(index, found)
    if unknown:
        log.warning("blocks %d to %d hold %d logs that no ABI explains", found.first, found.last.number, unknown)
    return after


def _book_before(context: IndexContext, index: ChainIndex, rows: TokenBookRows, events: list[ChainEvent]) -> TokenBook:
    """The book as of the cursor, of all that the events are about."""
    named = named_in(events)
    wallets = rows.wallets(named.wallets)
    units = {wallet: one.units for wallet, one in index.balances([*(named.wallets | wallets.keys())]).items()}
    contracts = context.contracts
    system = SystemWallets(contracts.treasury.address, contracts.exchange.address)
    return TokenBook(system, wallets, rows.agreements(named.agreements), units_by_holder(wallets, units))


def _require_supply(index: ChainIndex, found: ReadRange) -> None:
    total_units = index.total_units()
    if found.supply_units not in (None, total_units):
        raise CheckFailed(
            "index_supply",
            f"after block {found.last.number} the balances of the index add up to {total_units} units and the token's "
            f"supply is {found.supply_units}: the node's logs or the stored balances are incomplete; "
            "run gettone reconcile, which names the difference",
        )


def _require_own(context: IndexContext, cursor: CursorRow) -> None:
    token = context.contracts.token.address
    if cursor.token != token:
        raise Conflict(
            "foreign_index",
            f"the event index in this database is of the token {cursor.token}, the community's token is {token}: "
            "the contracts were deployed anew; gettone indexer run --anew forgets the old index",
        )
