"""What a reconciliation reads of settlements and outbox: few columns of many rows."""

from typing import NamedTuple

from sqlalchemy import Connection, select

from gettone.db.repositories.settled_lines import hash_of_stored
from gettone.db.tables import ChainTransaction, SettlementMember

_ASSIGNMENT_BYTES = 372
_AMOUNT = slice(112, 144)


class LineFacts(NamedTuple):
    """A member's line: wallet (None: none yet, or erased), amounts [base units] and the hashes of both leaves.

    `leaf_units` is the amount in the assignment leaf, None where only the hash of it is kept.
    """

    leaf_index: int
    wallet: str | None
    entitlement_units: int
    payout_units: int
    leaf_units: int | None
    assignment_hash: bytes
    roster_hash: bytes


class OutboxFacts(NamedTuple):
    """A transaction of the outbox: what it is for, and how far it came."""

    intent: str
    sender: str
    state: str
    tx_hash: str | None
    block_number: int | None
    created_at: int


def line_facts(connection: Connection, settlement_id: int) -> list[LineFacts]:
    """The lines of a settlement with their leaves, by leaf index."""
    columns = SettlementMember
    query = select(
        columns.leaf_index,
        columns.wallet,
        columns.entitlement_units,
        columns.payout_units,
        columns.assignment_leaf,
        columns.roster_leaf,
    ).where(columns.settlement_id == settlement_id)
    return [_line(*row) for row in connection.execute(query.order_by(columns.leaf_index))]


def outbox_facts(connection: Connection) -> list[OutboxFacts]:
    """All transactions of the outbox, in the order in which they were stored."""
    columns = ChainTransaction
    query = select(
        columns.intent, columns.sender, columns.state, columns.tx_hash, columns.block_number, columns.created_at
    )
    return [
        OutboxFacts(intent, sender, state, None if tx_hash is None else "0x" + bytes(tx_hash).hex(), block, created_at)
        for intent, sender, state, tx_hash, block, created_at in connection.execute(query.order_by(columns.id))
    ]


def _line(
    leaf_index: int, wallet: str | None, entitlement: int, payout: int, assignment: bytes | None, roster: bytes | None
) -> LineFacts:
    leaf = bytes(assignment or b"")
    units = int.from_bytes(leaf[_AMOUNT], "big") if len(leaf) == _ASSIGNMENT_BYTES else None
    hashes = (hash_of_stored(leaf), hash_of_stored(bytes(roster or b"")))
    return LineFacts(leaf_index, wallet, entitlement, payout, units, *hashes)
