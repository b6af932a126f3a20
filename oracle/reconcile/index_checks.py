"""Whether the index in the database is what the chain says, event by event and wallet by wallet."""

import json
from collections.abc import Mapping, Sequence

from gettone.chain import community_token
from gettone.chain.index.events import ChainEvent
from gettone.chain.index.ranges import ReadRange
from gettone.db.repositories.chain_index import ChainIndex, CursorRow, StoredEvent, bytes_of, stored_event
from gettone.economy.reasons import NOBODY
from oracle.reconcile.findings import Findings, Kind

_COLUMNS = ("block_number", "log_index", "tx_hash", "contract", "event", "topic1", "topic2", "topic3", "args")


def check_events(index: ChainIndex, found: ReadRange, events: Sequence[ChainEvent], findings: Findings) -> None:
    """The stored events and blocks of a range are those of the chain, no more and no less."""
    stored = {row[:2]: row for row in index.events(found.first, found.last.number)}
    for event in events:
        row = stored.pop((event.block_number, event.log_index), None)
        if row is None:
            findings.differ(
                Kind.EVENT_MISSING, _name(event), "a row", None, _place(event.block_number, event.log_index)
            )
        else:
            _check_row(event, row, findings)
    for row in stored.values():
        what = f"{row[3]!s}.{row[4]!s} in block {row[0]!s}, log {row[1]!s}"
        findings.differ(Kind.EVENT_INVENTED, what, None, row[8], _place(row[0], row[1]))
    hashes = index.block_hashes(found.first, found.last.number)
    on_chain = {one.number: bytes_of(one.hash) for one in found.blocks}
    for number in sorted(set(on_chain) | set(hashes)):
        where = f"chain_blocks, block_number {number}"
        findings.differ(Kind.BLOCK, f"hash of block {number}", on_chain.get(number), hashes.get(number), where)


def check_count(cursor: CursorRow, event_count: int, findings: Findings) -> None:
    """The cursor counts the events that there are."""
    findings.differ(
        Kind.EVENT_COUNT, f"events up to block {cursor.block_number}", event_count, cursor.event_count, "chain_cursors"
    )


def check_balances(
    index: ChainIndex, cursor: CursorRow, block: int, balances: Mapping[str, int], findings: Findings
) -> None:
    """The stored balances, taken back from the cursor to `block`, are those that the events give."""
    stored = {wallet: one.units for wallet, one in index.all_balances().items()}
    for row in index.events(block + 1, cursor.block_number):
        if row[3:5] == (community_token.NAME, "Transfer"):
            sender, receiver, value = json.loads(str(row[8])).values()
            stored[sender] = stored.get(sender, 0) + int(value)
            stored[receiver] = stored.get(receiver, 0) - int(value)
    for wallet in sorted(set(stored) | set(balances)):
        is_later = block < cursor.block_number and wallet not in balances and not stored[wallet]
        if wallet != NOBODY and not is_later:
            where = f"token_balances, wallet {wallet}"
            findings.differ(Kind.BALANCE, f"balance of {wallet}", balances.get(wallet), stored.get(wallet), where)


def _check_row(event: ChainEvent, row: StoredEvent, findings: Findings) -> None:
    for column, expected, found in zip(_COLUMNS, stored_event(event), row, strict=True):
        where = _place(event.block_number, event.log_index)
        findings.differ(Kind.EVENT_CHANGED, f"{column} of {_name(event)}", expected, found, where)


def _name(event: ChainEvent) -> str:
    return f"{event.contract}.{event.event} in block {event.block_number}, log {event.log_index}"


def _place(block_number: object, log_index: object) -> str:
    return f"chain_events, block_number {block_number}, log_index {log_index}"
