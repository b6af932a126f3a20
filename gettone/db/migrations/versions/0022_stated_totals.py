"""What sources say that readings sum to."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table of this revision."""
    op.create_table(
        "stated_totals",
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("from_slot", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("to_slot", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("band", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("wh", sa.BigInteger(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.batch_id"], name=op.f("fk_stated_totals_batch_id")),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.channel_id"], name=op.f("fk_stated_totals_channel_id")),
        sa.PrimaryKeyConstraint("channel_id", "from_slot", "to_slot", "band", name=op.f("pk_stated_totals")),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("stated_totals")
