"""The index of chain events, and the reconciliations."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables of this revision."""
    _create_chain_cursors()
    _create_chain_blocks()
    _create_chain_events()
    _create_token_balances()
    _create_reconciliations()


def downgrade() -> None:
    """Drop them."""
    for table in ("reconciliations", "token_balances", "chain_events", "chain_blocks", "chain_cursors"):
        op.drop_table(table)


def _community_of(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["community_id"], ["communities.community_id"], name=op.f(f"fk_{table}_community_id")
    )


def _create_chain_cursors() -> None:
    op.create_table(
        "chain_cursors",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=42), nullable=False),
        sa.Column("block_number", sa.BigInteger(), nullable=False),
        sa.Column("block_hash", sa.LargeBinary(), nullable=False),
        sa.Column("time_s", sa.BigInteger(), nullable=False),
        sa.Column("event_count", sa.BigInteger(), nullable=False),
        sa.Column("unknown_count", sa.BigInteger(), nullable=False),
        _community_of("chain_cursors"),
        sa.PrimaryKeyConstraint("community_id", name=op.f("pk_chain_cursors")),
    )


def _create_chain_blocks() -> None:
    op.create_table(
        "chain_blocks",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("block_number", sa.BigInteger(), nullable=False),
        sa.Column("block_hash", sa.LargeBinary(), nullable=False),
        sa.Column("time_s", sa.BigInteger(), nullable=False),
        _community_of("chain_blocks"),
        sa.PrimaryKeyConstraint("community_id", "block_number", name=op.f("pk_chain_blocks")),
    )


def _create_chain_events() -> None:
    op.create_table(
        "chain_events",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("block_number", sa.BigInteger(), nullable=False),
        sa.Column("log_index", sa.Integer(), nullable=False),
        sa.Column("tx_hash", sa.LargeBinary(), nullable=False),
        sa.Column("contract", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=True),
        sa.Column("topic1", sa.LargeBinary(), nullable=True),
        sa.Column("topic2", sa.LargeBinary(), nullable=True),
        sa.Column("topic3", sa.LargeBinary(), nullable=True),
        sa.Column("args", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "block_number", "log_index", name=op.f("pk_chain_events")),
    )
    for topic in ("topic1", "topic2"):
        columns = ["community_id", topic, "block_number"]
        op.create_index(op.f(f"ix_chain_events_{'_'.join(columns)}"), "chain_events", columns)


def _create_token_balances() -> None:
    op.create_table(
        "token_balances",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("wallet", sa.String(length=42), nullable=False),
        sa.Column("units", sa.Text(), nullable=False),
        sa.Column("block_number", sa.BigInteger(), nullable=False),
        _community_of("token_balances"),
        sa.PrimaryKeyConstraint("community_id", "wallet", name=op.f("pk_token_balances")),
    )


def _create_reconciliations() -> None:
    op.create_table(
        "reconciliations",
        sa.Column("reconciliation_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("block_number", sa.BigInteger(), nullable=False),
        sa.Column("started_by", sa.Text(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=False),
        sa.Column("differences", sa.Integer(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        _community_of("reconciliations"),
        sa.PrimaryKeyConstraint("reconciliation_id", name=op.f("pk_reconciliations")),
    )
    columns = ["community_id", "finished_at"]
    op.create_index(op.f("ix_reconciliations_community_id_finished_at"), "reconciliations", columns)
