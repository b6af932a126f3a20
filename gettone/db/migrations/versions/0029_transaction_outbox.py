"""Attempts of an intent with all their states, and the last final block of each network."""

from typing import Any, cast

import rlp  # type: ignore[import-untyped]  # the package ships no types
import sqlalchemy as sa
from alembic import op
from eth_utils.address import to_checksum_address

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_HOLDERS = sa.text("state <> 'superseded'")
# Rows of the earlier table name no network: the first network that is opened takes them over.
_NO_CHAIN = b""
_GAS, _RECEIVER, _DATA = 2, 3, 5


def upgrade() -> None:
    """Create the new tables; what was signed is taken over with its content, read from the bytes themselves."""
    kept = op.get_bind().execute(sa.text("SELECT * FROM chain_transactions ORDER BY id")).mappings().all()
    op.drop_table("chain_transactions")
    _create_chain_transactions()
    _create_chain_checkpoints()
    if kept:
        op.bulk_insert(_table(), [_with_content(dict(row)) for row in kept])


def downgrade() -> None:
    """Back to the earlier table with the latest signed attempt of each intent."""
    query = "SELECT * FROM chain_transactions WHERE raw IS NOT NULL ORDER BY attempt"
    latest = {row["intent"]: dict(row) for row in op.get_bind().execute(sa.text(query)).mappings()}
    op.drop_table("chain_checkpoints")
    op.drop_table("chain_transactions")
    _create_chain_transactions_before()
    if latest:
        table = sa.table("chain_transactions", *(sa.column(name) for name in _COLUMNS_BEFORE))
        op.bulk_insert(table, [_as_before(row) for row in latest.values()])


_COLUMNS_BEFORE = ("sender", "intent", "nonce", "raw", "tx_hash", "state", "block_number", "created_at")


def _with_content(row: dict[str, Any]) -> dict[str, Any]:
    fields = cast(list[bytes], rlp.decode(bytes(row["raw"])))
    receiver = fields[_RECEIVER]
    del row["id"]
    return row | {
        "chain": _NO_CHAIN,
        "attempt": 1,
        "receiver": to_checksum_address(receiver) if receiver else None,
        "data": fields[_DATA],
        "gas": int.from_bytes(fields[_GAS], "big"),
        "head_number": 0,
        "block_hash": None,
        "reason": None,
        "updated_at": row["created_at"],
    }


def _as_before(row: dict[str, Any]) -> dict[str, Any]:
    state = {"final": "mined", "superseded": "failed"}.get(row["state"], row["state"])
    return {name: row[name] for name in _COLUMNS_BEFORE} | {"state": state}


def _table() -> Any:
    names = ("chain", "attempt", "receiver", "data", "gas", "head_number", "block_hash", "reason", "updated_at")
    return sa.table("chain_transactions", *(sa.column(name) for name in (*_COLUMNS_BEFORE, *names)))


def _create_chain_transactions() -> None:
    op.create_table(
        "chain_transactions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chain", sa.LargeBinary(), nullable=False),
        sa.Column("sender", sa.String(length=42), nullable=False),
        sa.Column("intent", sa.Text(), nullable=False),
        sa.Column("attempt", sa.BigInteger(), nullable=False),
        sa.Column("receiver", sa.String(length=42), nullable=True),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("gas", sa.BigInteger(), nullable=False),
        sa.Column("nonce", sa.BigInteger(), nullable=True),
        sa.Column("raw", sa.LargeBinary(), nullable=True),
        sa.Column("tx_hash", sa.LargeBinary(), nullable=True),
        sa.Column("head_number", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("block_number", sa.BigInteger(), nullable=True),
        sa.Column("block_hash", sa.LargeBinary(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chain_transactions")),
        sa.UniqueConstraint("chain", "intent", "attempt", name=op.f("uq_chain_transactions_chain_intent_attempt")),
    )
    op.create_index(
        "ix_chain_transactions_chain_sender_nonce",
        "chain_transactions",
        ["chain", "sender", "nonce"],
        unique=True,
        sqlite_where=_HOLDERS,
        postgresql_where=_HOLDERS,
    )
    op.create_index("ix_chain_transactions_chain_sender_state", "chain_transactions", ["chain", "sender", "state"])


def _create_chain_checkpoints() -> None:
    op.create_table(
        "chain_checkpoints",
        sa.Column("chain", sa.LargeBinary(), nullable=False),
        sa.Column("block_number", sa.BigInteger(), nullable=False),
        sa.Column("block_hash", sa.LargeBinary(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("chain", name=op.f("pk_chain_checkpoints")),
    )


def _create_chain_transactions_before() -> None:
    op.create_table(
        "chain_transactions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sender", sa.String(length=42), nullable=False),
        sa.Column("intent", sa.Text(), nullable=False),
        sa.Column("nonce", sa.BigInteger(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("tx_hash", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("block_number", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chain_transactions")),
        sa.UniqueConstraint("intent", name=op.f("uq_chain_transactions_intent")),
        sa.UniqueConstraint("sender", "nonce", name=op.f("uq_chain_transactions_sender_nonce")),
    )
