"""Offers of members, with pictures."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables of this revision."""
    _create_offers()
    _create_offer_pictures()


def downgrade() -> None:
    """Drop them."""
    for table in ("offer_pictures", "offers"):
        op.drop_table(table)


def _create_offers() -> None:
    op.create_table(
        "offers",
        sa.Column("offer_id", sa.Text(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.LargeBinary(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("price_units", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("structure_id", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("offer_id", name=op.f("pk_offers")),
    )
    op.create_index(op.f("ix_offers_community_id_created_at"), "offers", ["community_id", "created_at"])
    op.create_index(op.f("ix_offers_member_id"), "offers", ["member_id"])


def _create_offer_pictures() -> None:
    op.create_table(
        "offer_pictures",
        sa.Column("picture_id", sa.Text(), nullable=False),
        sa.Column("offer_id", sa.Text(), nullable=False),
        sa.Column("member_id", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("width_px", sa.Integer(), nullable=False),
        sa.Column("height_px", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.offer_id"], name=op.f("fk_offer_pictures_offer_id")),
        sa.PrimaryKeyConstraint("picture_id", name=op.f("pk_offer_pictures")),
    )
    for name in ("offer_id", "member_id"):
        op.create_index(op.f(f"ix_offer_pictures_{name}"), "offer_pictures", [name])
