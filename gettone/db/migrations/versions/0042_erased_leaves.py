"""What a tombstone of a later revision repeats of an erased member's leaves: both without their blinds."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column of this revision."""
    op.add_column("settlement_members", sa.Column("bare_leaves", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("settlement_members", "bare_leaves")
