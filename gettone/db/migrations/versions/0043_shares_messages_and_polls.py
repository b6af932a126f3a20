"""Shares of the energy bonus of GSE, messages to members, and polls."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables of this revision."""
    op.create_table(
        "gse_shares",
        sa.Column("share_id", sa.Text(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("input", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.community_id"], name=op.f("fk_gse_shares_community_id")
        ),
        sa.PrimaryKeyConstraint("share_id", name=op.f("pk_gse_shares")),
        sa.UniqueConstraint("community_id", "period", name=op.f("uq_gse_shares_community_id_period")),
    )
    _create_messages()
    _create_polls()


def downgrade() -> None:
    """Drop them."""
    for table in ("poll_votes", "polls", "message_reads", "messages", "gse_shares"):
        op.drop_table(table)


def _create_messages() -> None:
    op.create_table(
        "messages",
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("texts", sa.Text(), nullable=False),
        sa.Column("member_kind", sa.Text(), nullable=True),
        sa.Column("sent_by", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["communities.community_id"], name=op.f("fk_messages_community_id")),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_messages")),
    )
    op.create_index(op.f("ix_messages_community_id"), "messages", ["community_id"])
    op.create_table(
        "message_reads",
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("member_id", sa.LargeBinary(), nullable=False),
        sa.Column("read_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["messages.message_id"], name=op.f("fk_message_reads_message_id")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["users_communities.member_id"], name=op.f("fk_message_reads_member_id")
        ),
        sa.PrimaryKeyConstraint("message_id", "member_id", name=op.f("pk_message_reads")),
    )


def _create_polls() -> None:
    op.create_table(
        "polls",
        sa.Column("poll_id", sa.Text(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("texts", sa.Text(), nullable=False),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("closes_at", sa.BigInteger(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["communities.community_id"], name=op.f("fk_polls_community_id")),
        sa.PrimaryKeyConstraint("poll_id", name=op.f("pk_polls")),
    )
    op.create_index(op.f("ix_polls_community_id"), "polls", ["community_id"])
    op.create_table(
        "poll_votes",
        sa.Column("poll_id", sa.Text(), nullable=False),
        sa.Column("member_id", sa.LargeBinary(), nullable=False),
        sa.Column("choice", sa.SmallInteger(), nullable=False),
        sa.Column("voted_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.poll_id"], name=op.f("fk_poll_votes_poll_id")),
        sa.ForeignKeyConstraint(["member_id"], ["users_communities.member_id"], name=op.f("fk_poll_votes_member_id")),
        sa.PrimaryKeyConstraint("poll_id", "member_id", name=op.f("pk_poll_votes")),
    )
