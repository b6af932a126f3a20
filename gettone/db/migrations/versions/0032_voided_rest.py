"""What the chain voided of a settlement: the unpaid rest, a claim of its members."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column of this revision: what was paid before was paid whole."""
    op.add_column("settlements", sa.Column("voided_units", sa.Text(), nullable=True))
    paid = sa.table("settlements", sa.column("voided_units"), sa.column("credited_units"))
    op.execute(paid.update().where(paid.c.credited_units.is_not(None)).values(voided_units="0"))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("settlements", "voided_units")
