"""What requests leave behind: ended sessions, answers to repeat, long work, and the audit trail."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

# Rows of the trail are added and never changed; SQLite and PostgreSQL say that in different words.
_SQLITE_GUARD = (
    "CREATE TRIGGER audit_trail_{verb} BEFORE {verb} ON audit_trail "
    "BEGIN SELECT RAISE(ABORT, 'the audit trail is only added to'); END"
)
_POSTGRES_FUNCTION = (
    "CREATE FUNCTION audit_trail_guard() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'the audit trail is only added to'; END $$"
)
_POSTGRES_GUARD = (
    "CREATE TRIGGER audit_trail_guard BEFORE UPDATE OR DELETE ON audit_trail "
    "FOR EACH ROW EXECUTE FUNCTION audit_trail_guard()"
)


def upgrade() -> None:
    """Add the tables and columns of this revision."""
    for name in ("disabled_at", "values_locked_until"):
        op.add_column("users", sa.Column(name, sa.BigInteger(), nullable=True))
    op.create_table(
        "denied_sessions",
        sa.Column("sid", sa.Text(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("sid", name=op.f("pk_denied_sessions")),
    )
    op.create_table(
        "idempotent_answers",
        sa.Column("caller", sa.Text(), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("request", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("kept_until", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("caller", "route", "key", name=op.f("pk_idempotent_answers")),
    )
    _create_operations()
    _create_audit_trail()


def downgrade() -> None:
    """Drop them."""
    for table in ("audit_texts", "audit_trail", "operations", "idempotent_answers", "denied_sessions"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_trail_guard()")
    for name in ("values_locked_until", "disabled_at"):
        op.drop_column("users", name)


def _create_operations() -> None:
    op.create_table(
        "operations",
        sa.Column("operation_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("owner", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("client", sa.Text(), nullable=True),
        sa.Column("community_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("progress_permille", sa.SmallInteger(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["owner"], ["users.user_id"], name=op.f("fk_operations_owner")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.community_id"], name=op.f("fk_operations_community_id")
        ),
        sa.PrimaryKeyConstraint("operation_id", name=op.f("pk_operations")),
    )
    for name in ("owner", "community_id", "state"):
        op.create_index(op.f(f"ix_operations_{name}"), "operations", [name])


def _create_audit_trail() -> None:
    op.create_table(
        "audit_trail",
        sa.Column("entry", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("before", sa.LargeBinary(), nullable=True),
        sa.Column("after", sa.LargeBinary(), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.community_id"], name=op.f("fk_audit_trail_community_id")
        ),
        sa.PrimaryKeyConstraint("entry", name=op.f("pk_audit_trail")),
    )
    op.create_index(op.f("ix_audit_trail_community_id"), "audit_trail", ["community_id"])
    op.create_table(
        "audit_texts",
        sa.Column("entry", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["entry"], ["audit_trail.entry"], name=op.f("fk_audit_texts_entry")),
        sa.PrimaryKeyConstraint("entry", "part", name=op.f("pk_audit_texts")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_POSTGRES_FUNCTION)
        op.execute(_POSTGRES_GUARD)
    else:
        for verb in ("UPDATE", "DELETE"):
            op.execute(_SQLITE_GUARD.format(verb=verb))
