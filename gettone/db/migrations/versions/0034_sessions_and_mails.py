"""Sessions of persons, mails to them, and how they want to be written to."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables and columns of this revision."""
    op.add_column("users", sa.Column("language", sa.Text(), nullable=True))
    op.add_column("users", sa.Column("unwanted_mails", sa.Text(), nullable=True))
    op.add_column("sharing_consents", sa.Column("text_version", sa.Text(), nullable=True))
    op.create_table(
        "login_sessions",
        sa.Column("sid", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("begun_at", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.LargeBinary(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("band", sa.SmallInteger(), nullable=False),
        sa.Column("surprise_millibits", sa.Integer(), nullable=False),
        sa.Column("needs_factor", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name=op.f("fk_login_sessions_user_id")),
        sa.PrimaryKeyConstraint("sid", name=op.f("pk_login_sessions")),
    )
    op.create_index(op.f("ix_login_sessions_user_id"), "login_sessions", ["user_id"])
    op.create_table(
        "mails",
        sa.Column("mail_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name=op.f("fk_mails_user_id")),
        sa.PrimaryKeyConstraint("mail_id", name=op.f("pk_mails")),
    )
    for name in ("user_id", "due_at"):
        op.create_index(op.f(f"ix_mails_{name}"), "mails", [name])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("mails")
    op.drop_table("login_sessions")
    op.drop_column("sharing_consents", "text_version")
    for name in ("unwanted_mails", "language"):
        op.drop_column("users", name)
