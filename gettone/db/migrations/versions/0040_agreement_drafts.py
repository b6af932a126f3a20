"""Terms and words of agreements."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table of this revision."""
    op.create_table(
        "agreement_drafts",
        sa.Column("community_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("agreement_id", sa.LargeBinary(), nullable=False),
        sa.Column("member_id", sa.LargeBinary(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "agreement_id", name=op.f("pk_agreement_drafts")),
    )
    op.create_index(op.f("ix_agreement_drafts_member_id"), "agreement_drafts", ["member_id"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("agreement_drafts")
