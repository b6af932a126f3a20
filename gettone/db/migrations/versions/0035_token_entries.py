"""Statement entries, wallets and agreements, kept beside the events of the index.

The index is a copy of the chain: it is forgotten here, and the next run reads it anew with what goes beside it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

_INDEX = ("chain_cursors", "chain_blocks", "chain_events", "token_balances")


def upgrade() -> None:
    """Add the tables of this revision, and forget the index."""
    for table in _INDEX:
        op.execute(sa.delete(sa.table(table)))
    _create_token_entries()
    _create_token_wallets()
    _create_chain_agreements()
    _create_chain_agreement_parties()


def downgrade() -> None:
    """Drop them."""
    for table in ("chain_agreement_parties", "chain_agreements", "token_wallets", "token_entries"):
        op.drop_table(table)


def _create_token_entries() -> None:
    op.create_table(
        "token_entries",
        sa.Column("community_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("holder", sa.LargeBinary(), nullable=False),
        sa.Column("block_number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("log_index", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tx_hash", sa.LargeBinary(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("change_units", sa.Text(), nullable=False),
        sa.Column("fee_units", sa.Text(), nullable=False),
        sa.Column("balance_units", sa.Text(), nullable=False),
        sa.Column("counterparty", sa.String(length=42), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("community_id", "holder", "block_number", "log_index", name=op.f("pk_token_entries")),
    )
    columns = ["community_id", "block_number", "log_index"]
    op.create_index(op.f("ix_token_entries_community_id_block_number_log_index"), "token_entries", columns)


def _community_of(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["community_id"], ["communities.community_id"], name=op.f(f"fk_{table}_community_id")
    )


def _create_token_wallets() -> None:
    op.create_table(
        "token_wallets",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("wallet", sa.String(length=42), nullable=False),
        sa.Column("holder", sa.LargeBinary(), nullable=False),
        sa.Column("member_class", sa.SmallInteger(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.Column("block_number", sa.BigInteger(), nullable=False),
        _community_of("token_wallets"),
        sa.PrimaryKeyConstraint("community_id", "wallet", name=op.f("pk_token_wallets")),
    )
    op.create_index(op.f("ix_token_wallets_community_id_holder"), "token_wallets", ["community_id", "holder"])


def _create_chain_agreements() -> None:
    op.create_table(
        "chain_agreements",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.LargeBinary(), nullable=False),
        sa.Column("category", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.SmallInteger(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("progress", sa.Text(), nullable=False),
        sa.Column("proposed_block", sa.BigInteger(), nullable=False),
        sa.Column("state_block", sa.BigInteger(), nullable=False),
        _community_of("chain_agreements"),
        sa.PrimaryKeyConstraint("community_id", "agreement_id", name=op.f("pk_chain_agreements")),
    )


def _create_chain_agreement_parties() -> None:
    op.create_table(
        "chain_agreement_parties",
        sa.Column("community_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("holder", sa.LargeBinary(), nullable=False),
        sa.Column("proposed_block", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("agreement_id", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint(
            "community_id", "holder", "proposed_block", "agreement_id", name=op.f("pk_chain_agreement_parties")
        ),
    )
