"""Parameters of the quality gate, and editing by two persons."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables of this revision."""
    _create_gate_rules()
    _create_edits()


def downgrade() -> None:
    """Drop them."""
    op.drop_table("edits")
    op.drop_table("gate_rules")


def _create_gate_rules() -> None:
    op.create_table(
        "gate_rules",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("valid_from_s", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("registered_at_s", sa.BigInteger(), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.community_id"], name=op.f("fk_gate_rules_community_id")
        ),
        sa.PrimaryKeyConstraint("community_id", "valid_from_s", name=op.f("pk_gate_rules")),
    )


def _create_edits() -> None:
    op.create_table(
        "edits",
        sa.Column("edit_id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("from_slot", sa.Integer(), nullable=False),
        sa.Column("to_slot", sa.Integer(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.Text(), nullable=False),
        sa.Column("proposed_at", sa.BigInteger(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.batch_id"], name=op.f("fk_edits_batch_id")),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.channel_id"], name=op.f("fk_edits_channel_id")),
        sa.PrimaryKeyConstraint("edit_id", name=op.f("pk_edits")),
    )
    op.create_index(op.f("ix_edits_channel_id"), "edits", ["channel_id"], unique=False)
