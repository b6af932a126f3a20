"""The persons who spoke for a revision, or for sending a settlement."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table of this revision."""
    op.create_table(
        "settlement_approvals",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("period_index", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("operator", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("approved_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.community_id"], name=op.f("fk_settlement_approvals_community_id")
        ),
        sa.PrimaryKeyConstraint(
            "community_id", "period_index", "revision", "act", "operator", name=op.f("pk_settlement_approvals")
        ),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("settlement_approvals")
