"""Daily totals of members and communities, and what members agreed to show."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_WIDE = (
    "expected",
    "covered",
    "measured",
    "known_slots",
    "load_wh",
    "production_wh",
    "withdrawn_wh",
    "injected_wh",
    "self_wh",
    "f1_wh",
    "f2_wh",
    "f3_wh",
    "shared_wh",
    "consumer_uwh",
    "producer_uwh",
    "max_wh",
    "min_wh",
)
_SLOTS = ("max_slot", "min_slot")


def upgrade() -> None:
    """Add the tables of this revision."""
    _create_member_days()
    _create_community_days()
    _create_sharing_consents()


def downgrade() -> None:
    """Drop them."""
    for name in ("sharing_consents", "community_days", "member_days"):
        op.drop_table(name)


def _totals() -> list[sa.Column[int]]:
    wide: list[sa.Column[int]] = [sa.Column(name, sa.BigInteger(), nullable=False) for name in _WIDE]
    return wide + [sa.Column(name, sa.Integer(), nullable=False) for name in _SLOTS]


def _create_member_days() -> None:
    op.create_table(
        "member_days",
        sa.Column("member_id", sa.LargeBinary(), nullable=False),
        sa.Column("local_day", sa.Integer(), autoincrement=False, nullable=False),
        *_totals(),
        sa.ForeignKeyConstraint(["member_id"], ["users_communities.member_id"], name=op.f("fk_member_days_member_id")),
        sa.PrimaryKeyConstraint("member_id", "local_day", name=op.f("pk_member_days")),
        sqlite_with_rowid=False,
    )


def _create_community_days() -> None:
    op.create_table(
        "community_days",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("local_day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("basis", sa.BigInteger(), nullable=False),
        *_totals(),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.community_id"], name=op.f("fk_community_days_community_id")
        ),
        sa.PrimaryKeyConstraint("community_id", "local_day", name=op.f("pk_community_days")),
    )


def _create_sharing_consents() -> None:
    op.create_table(
        "sharing_consents",
        sa.Column("member_id", sa.LargeBinary(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("given_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"], ["users_communities.member_id"], name=op.f("fk_sharing_consents_member_id")
        ),
        sa.PrimaryKeyConstraint("member_id", "purpose", "given_at", name=op.f("pk_sharing_consents")),
    )
