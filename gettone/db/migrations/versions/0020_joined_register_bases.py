"""Stored registers say whether nothing is missing since the one before, so that those between can go."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column: of what was stored before nothing is known to be complete."""
    op.add_column("register_bases", sa.Column("joined", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("register_bases", "joined")
