"""States of a batch beyond done and rejected, the ingest log, and the registers known."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_REFUSAL = "the ingest log is append-only"
_SQLITE_TRIGGERS = {
    "ingest_log_no_delete": f"BEFORE DELETE ON ingest_log BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END",
    "ingest_log_no_update": "BEFORE UPDATE ON ingest_log WHEN NEW.leaf_index <> OLD.leaf_index "
    "OR NEW.kind <> OLD.kind OR NEW.leaf_hash <> OLD.leaf_hash OR NEW.preimage IS NOT NULL "
    f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END",
}
_POSTGRESQL_FUNCTION = f"""
CREATE FUNCTION ingest_log_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.leaf_index = OLD.leaf_index AND NEW.kind = OLD.kind
        AND NEW.leaf_hash = OLD.leaf_hash AND NEW.preimage IS NULL THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '{_REFUSAL}';
END $$
"""


def upgrade() -> None:
    """Add the tables and columns of this revision."""
    for column in _batch_columns():
        op.add_column("batches", column, inline_references=bool(column.foreign_keys))
    _number_merged_batches()
    op.add_column("rejects", sa.Column("parked_until", sa.BigInteger(), nullable=True))
    _create_ingest_log()
    _create_register_bases()
    _create_triggers()


def downgrade() -> None:
    """Drop them."""
    _drop_triggers()
    op.drop_table("register_bases")
    op.drop_table("ingest_log")
    op.drop_column("rejects", "parked_until")
    op.drop_index("ix_batches_state", "batches")
    op.drop_index("uq_batches_merge_no", "batches")
    for column in _batch_columns():
        op.drop_column("batches", column.name)


def _batch_columns() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("nonce", sa.LargeBinary(), nullable=True),
        sa.Column("flow_config", sa.Integer(), nullable=False, server_default="1"),
        sa.Column(
            "derived_from",
            sa.Integer(),
            sa.ForeignKey("batches.batch_id", name="fk_batches_derived_from"),
            nullable=True,
        ),
        sa.Column("merge_no", sa.Integer(), nullable=True),
        sa.Column("received_leaf", sa.BigInteger(), nullable=True),
        sa.Column("outcome_leaf", sa.BigInteger(), nullable=True),
        sa.Column("registry_sha256", sa.LargeBinary(), nullable=True),
        sa.Column("attempts", sa.SmallInteger(), nullable=False, server_default="0"),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("retry_at", sa.BigInteger(), nullable=True),
        sa.Column("parked_until", sa.BigInteger(), nullable=True),
        sa.Column("dismissal_by", sa.Text(), nullable=True),
        sa.Column("dismissed_by", sa.Text(), nullable=True),
        sa.Column("dismissal_reason", sa.Text(), nullable=True),
    )


def _number_merged_batches() -> None:
    """Until now batches got their ids in the order of merging, so that a stored cut keeps its meaning."""
    batches = sa.table("batches", sa.column("batch_id"), sa.column("state"), sa.column("merge_no"))
    op.execute(batches.update().where(batches.c.state == "done").values(merge_no=batches.c.batch_id))
    op.create_index("uq_batches_merge_no", "batches", ["merge_no"], unique=True)
    op.create_index("ix_batches_state", "batches", ["state", "flow_id"])


def _create_triggers() -> None:
    if op.get_context().dialect.name == "sqlite":
        for name, body in _SQLITE_TRIGGERS.items():
            op.execute(f"CREATE TRIGGER {name} {body}")
        return
    op.execute(_POSTGRESQL_FUNCTION)
    op.execute(
        "CREATE TRIGGER ingest_log_append_only BEFORE UPDATE OR DELETE ON ingest_log "
        "FOR EACH ROW EXECUTE FUNCTION ingest_log_append_only()"
    )
    op.execute(
        "CREATE TRIGGER ingest_log_no_truncate BEFORE TRUNCATE ON ingest_log "
        "FOR EACH STATEMENT EXECUTE FUNCTION ingest_log_append_only()"
    )


def _drop_triggers() -> None:
    if op.get_context().dialect.name == "sqlite":
        for name in _SQLITE_TRIGGERS:
            op.execute(f"DROP TRIGGER {name}")
        return
    op.execute("DROP TRIGGER ingest_log_append_only ON ingest_log")
    op.execute("DROP TRIGGER ingest_log_no_truncate ON ingest_log")
    op.execute("DROP FUNCTION ingest_log_append_only()")


def _create_ingest_log() -> None:
    op.create_table(
        "ingest_log",
        sa.Column("leaf_index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(), nullable=False),
        sa.Column("preimage", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("leaf_index", name=op.f("pk_ingest_log")),
    )


def _create_register_bases() -> None:
    op.create_table(
        "register_bases",
        sa.Column("flow_id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("at_s", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("wh", sa.BigInteger(), nullable=False),
        sa.Column("quality", sa.SmallInteger(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.batch_id"], name=op.f("fk_register_bases_batch_id")),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.channel_id"], name=op.f("fk_register_bases_channel_id")),
        sa.ForeignKeyConstraint(["flow_id"], ["flows.flow_id"], name=op.f("fk_register_bases_flow_id")),
        sa.PrimaryKeyConstraint("flow_id", "channel_id", "at_s", name=op.f("pk_register_bases")),
    )
