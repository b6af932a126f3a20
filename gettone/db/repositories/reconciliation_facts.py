"""What a reconciliation reads of settlements and outbox: few columns of many rows."""

from typing import NamedTuple

from sqlalchemy import Connection, select

from gettone.chain.stored_transaction import TransactionState
from gettone.db.columns import Base
from gettone.db.repositories.settled_lines import hash_of_stored
from gettone.db.repositories.settlement_rows import SettlementRow, settlement_of
from gettone.db.repositories.settlement_states import SettlementState
from gettone.db.tables import ChainTransaction, Settlement, SettlementMember

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
    """An attempt in the outbox: what it is for, and how far it came; hash and block are None as long as it has none."""

    intent: str
    sender: str
    state: TransactionState
    tx_hash: str | None
    block_number: int | None
    block_hash: str | None
    created_at: int


def settlements_of(connection: Connection, community_id: int) -> list[SettlementRow]:
    """All settlements of a community but those that are only held, also without a calculation, by period and revision.

    One restored from the chain may have chunks and no lines.
    """
    table = Base.metadata.tables[Settlement.__tablename__]
    query = select(table).where(table.c.community_id == community_id, table.c.state != SettlementState.HELD.value)
    rows = connection.execute(query.order_by(table.c.period_index, table.c.revision))
    return [settlement_of(row) for row in rows.mappings()]


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


def outbox_facts(connection: Connection, chain: bytes) -> list[OutboxFacts]:
    """All attempts in the outbox of a chain (hash of its first block), in the order in which they were stored."""
    columns = [getattr(ChainTransaction, name) for name in OutboxFacts._fields]
    query = select(*columns).where(ChainTransaction.chain == chain).order_by(ChainTransaction.id)
    return [
        OutboxFacts(intent, sender, TransactionState(state), _hex(tx_hash), block, _hex(block_hash), created_at)
        for intent, sender, state, tx_hash, block, block_hash, created_at in connection.execute(query)
    ]


def _hex(value: bytes | None) -> str | None:
    return None if value is None else "0x" + bytes(value).hex()


def _line(
    leaf_index: int, wallet: str | None, entitlement: int, payout: int, assignment: bytes | None, roster: bytes | None
) -> LineFacts:
    leaf = bytes(assignment or b"")
    units = int.from_bytes(leaf[_AMOUNT], "big") if len(leaf) == _ASSIGNMENT_BYTES else None
    hashes = (hash_of_stored(leaf), hash_of_stored(bytes(roster or b"")))
    return LineFacts(leaf_index, wallet, entitlement, payout, units, *hashes)
