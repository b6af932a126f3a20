"""Take-outs that were asked for, and what auditors looked at."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables of this revision."""
    _create_takeouts()
    op.create_table(
        "auditor_reads",
        sa.Column("read_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("reader", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.community_id"], name=op.f("fk_auditor_reads_community_id")
        ),
        sa.PrimaryKeyConstraint("read_id", name=op.f("pk_auditor_reads")),
    )
    place = ["community_id", "reader", "read_id"]
    op.create_index(op.f("ix_auditor_reads_community_id_reader_read_id"), "auditor_reads", place)


def downgrade() -> None:
    """Drop them."""
    op.drop_table("auditor_reads")
    op.drop_table("takeouts")


def _create_takeouts() -> None:
    op.create_table(
        "takeouts",
        sa.Column("takeout_id", sa.Text(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.LargeBinary(), nullable=False),
        sa.Column("first_day", sa.Text(), nullable=False),
        sa.Column("end_day", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("requested_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("operation_id", sa.Text(), nullable=True),
        sa.Column("file_name", sa.Text(), nullable=True),
        sa.Column("size_bytes", sa.BigInteger(), nullable=True),
        sa.Column("sha256", sa.LargeBinary(), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("data_key", sa.LargeBinary(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["community_id"], ["communities.community_id"], name=op.f("fk_takeouts_community_id")),
        sa.ForeignKeyConstraint(["member_id"], ["users_communities.member_id"], name=op.f("fk_takeouts_member_id")),
        sa.PrimaryKeyConstraint("takeout_id", name=op.f("pk_takeouts")),
    )
    for name in ("community_id", "member_id"):
        op.create_index(op.f(f"ix_takeouts_{name}"), "takeouts", [name])
