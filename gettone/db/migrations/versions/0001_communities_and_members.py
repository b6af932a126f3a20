"""Communities, their members, and the keys of both."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables of this revision."""
    _create_communities()
    _create_users_communities()
    _create_member_intervals()
    _create_member_keys()
    _create_community_keys()
    _create_platform_keys()


def downgrade() -> None:
    """Drop them."""
    op.drop_table("platform_keys")
    op.drop_table("community_keys")
    op.drop_table("member_keys")
    op.drop_table("member_intervals")
    op.drop_table("users_communities")
    op.drop_table("communities")


def _create_communities() -> None:
    op.create_table(
        "communities",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=True),
        sa.Column("description", sa.String(length=255), nullable=True),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("tz", sa.Text(), nullable=False),
        sa.Column("substation", sa.Text(), nullable=True),
        sa.Column("market_zone", sa.Text(), nullable=True),
        sa.Column("settle_slot_s", sa.SmallInteger(), nullable=False),
        sa.Column("netting", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["communities.community_id"], name=op.f("fk_communities_parent_id")),
        sa.PrimaryKeyConstraint("community_id", name=op.f("pk_communities")),
        sa.UniqueConstraint("slug", name=op.f("uq_communities_slug")),
    )


def _create_users_communities() -> None:
    op.create_table(
        "users_communities",
        sa.Column("member_id", sa.LargeBinary(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("wallet", sa.String(length=255), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("people", sa.SmallInteger(), nullable=True),
        sa.Column("area_dm2", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.community_id"], name=op.f("fk_users_communities_community_id")
        ),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_users_communities")),
        sa.UniqueConstraint("community_id", "wallet", name=op.f("uq_users_communities_community_id_wallet")),
    )
    op.create_index(op.f("ix_users_communities_community_id"), "users_communities", ["community_id"], unique=False)


def _create_member_intervals() -> None:
    op.create_table(
        "member_intervals",
        sa.Column("member_id", sa.LargeBinary(), nullable=False),
        sa.Column("valid_from", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("valid_to", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"], ["users_communities.member_id"], name=op.f("fk_member_intervals_member_id")
        ),
        sa.PrimaryKeyConstraint("member_id", "valid_from", name=op.f("pk_member_intervals")),
    )


def _create_member_keys() -> None:
    op.create_table(
        "member_keys",
        sa.Column("member_id", sa.LargeBinary(), nullable=False),
        sa.Column("year", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["users_communities.member_id"], name=op.f("fk_member_keys_member_id")),
        sa.PrimaryKeyConstraint("member_id", "year", name=op.f("pk_member_keys")),
    )


def _create_community_keys() -> None:
    op.create_table(
        "community_keys",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.community_id"], name=op.f("fk_community_keys_community_id")
        ),
        sa.PrimaryKeyConstraint("community_id", "year", name=op.f("pk_community_keys")),
    )


def _create_platform_keys() -> None:
    op.create_table(
        "platform_keys",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_platform_keys")),
    )
