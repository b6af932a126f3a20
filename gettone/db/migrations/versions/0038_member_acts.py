"""Acts that members have carried to the chain, and their requests for payment."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables of this revision."""
    _create_member_acts()
    _create_payment_requests()


def downgrade() -> None:
    """Drop them."""
    for table in ("payment_requests", "member_acts"):
        op.drop_table(table)


def _create_member_acts() -> None:
    op.create_table(
        "member_acts",
        sa.Column("act_id", sa.Text(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.LargeBinary(), nullable=False),
        sa.Column("wallet", sa.String(length=42), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("once", sa.LargeBinary(), nullable=False),
        sa.Column("is_relayed", sa.Boolean(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("receiver", sa.String(length=42), nullable=True),
        sa.Column("units", sa.Text(), nullable=True),
        sa.Column("memo", sa.Text(), nullable=True),
        sa.Column("operation_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tx_hash", sa.LargeBinary(), nullable=True),
        sa.Column("block_number", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("act_id", name=op.f("pk_member_acts")),
        sa.UniqueConstraint("community_id", "wallet", "once", name=op.f("uq_member_acts_community_id_wallet_once")),
    )
    op.create_index(op.f("ix_member_acts_state"), "member_acts", ["state"])
    op.create_index(op.f("ix_member_acts_community_id_tx_hash"), "member_acts", ["community_id", "tx_hash"])
    columns = ["community_id", "member_id", "created_at"]
    op.create_index(op.f("ix_member_acts_community_id_member_id_created_at"), "member_acts", columns)


def _create_payment_requests() -> None:
    op.create_table(
        "payment_requests",
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.LargeBinary(), nullable=False),
        sa.Column("payer_id", sa.LargeBinary(), nullable=False),
        sa.Column("units", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_payment_requests")),
    )
    for name in ("member_id", "payer_id"):
        op.create_index(op.f(f"ix_payment_requests_{name}"), "payment_requests", [name])
