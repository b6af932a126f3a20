"""What merges touched and the rules after them have not judged yet."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table of this revision."""
    op.create_table(
        "pending_checks",
        sa.Column("batch_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("from_slot", sa.Integer(), nullable=False),
        sa.Column("to_slot", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.batch_id"], name=op.f("fk_pending_checks_batch_id")),
        sa.PrimaryKeyConstraint("batch_id", name=op.f("pk_pending_checks")),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("pending_checks")
