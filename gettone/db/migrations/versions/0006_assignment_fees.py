"""Assignment fees of a settlement, the class that decides them, and what was charged."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_FEES = ("citizen_fee_bps", "stakeholder_fee_bps")
_CHARGED = ("settlements", "settlement_chunks")


def upgrade() -> None:
    """Add the columns of this revision: what was settled before was settled without fees."""
    for name in _FEES:
        op.add_column("settlements", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    for table in _CHARGED:
        op.add_column(table, sa.Column("fee_units", sa.Text(), nullable=True))
        paid = sa.table(table, sa.column("fee_units"), sa.column("credited_units"))
        op.execute(paid.update().where(paid.c.credited_units.is_not(None)).values(fee_units="0"))
    op.add_column(
        "settlement_members", sa.Column("member_class", sa.SmallInteger(), nullable=False, server_default="1")
    )
    _set_stakeholders()


def downgrade() -> None:
    """Drop them."""
    op.drop_column("settlement_members", "member_class")
    for table in _CHARGED:
        op.drop_column(table, "fee_units")
    for name in _FEES:
        op.drop_column("settlements", name)


def _set_stakeholders() -> None:
    """Until now the class of a line was that of the member: 1 citizen, 2 stakeholder."""
    people = sa.table("users_communities", sa.column("member_id"), sa.column("kind"))
    lines = sa.table("settlement_members", sa.column("member_id"), sa.column("member_class"))
    stakeholders = sa.select(people.c.member_id).where(people.c.kind == "stakeholder")
    op.execute(lines.update().where(lines.c.member_id.in_(stakeholders)).values(member_class=2))
