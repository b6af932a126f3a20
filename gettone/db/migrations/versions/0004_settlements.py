"""Quality gates and settlements with every number an auditor asks for."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables of this revision."""
    _create_gates()
    _create_settlements()
    _create_settlement_members()
    _create_settlement_series()
    _create_settlement_chunks()


def downgrade() -> None:
    """Drop them."""
    op.drop_table("settlement_chunks")
    op.drop_table("settlement_series")
    op.drop_table("settlement_members")
    op.drop_table("settlements")
    op.drop_table("gates")


def _create_gates() -> None:
    op.create_table(
        "gates",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("period_index", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("freeze_batch", sa.Integer(), nullable=True),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("report_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["community_id"], ["communities.community_id"], name=op.f("fk_gates_community_id")),
        sa.PrimaryKeyConstraint("community_id", "period_index", "revision", name=op.f("pk_gates")),
    )


def _create_settlements() -> None:
    op.create_table(
        "settlements",
        sa.Column("settlement_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("period_index", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("period_start_s", sa.BigInteger(), nullable=False),
        sa.Column("period_end_s", sa.BigInteger(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("freeze_batch", sa.Integer(), nullable=False),
        sa.Column("model_version", sa.Integer(), nullable=False),
        sa.Column("model_json", sa.Text(), nullable=False),
        sa.Column("carry_in_units", sa.Text(), nullable=False),
        sa.Column("carried_over_units", sa.Text(), nullable=False),
        sa.Column("entitlement_units", sa.Text(), nullable=False),
        sa.Column("total_units", sa.Text(), nullable=False),
        sa.Column("allocations_json", sa.Text(), nullable=False),
        sa.Column("slot_totals_json", sa.Text(), nullable=False),
        sa.Column("community_json", sa.Text(), nullable=False),
        sa.Column("result_digest", sa.Text(), nullable=False),
        sa.Column("gate_report_json", sa.Text(), nullable=False),
        sa.Column("gate_report_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("computed_at", sa.BigInteger(), nullable=False),
        sa.Column("params_json", sa.Text(), nullable=True),
        sa.Column("assignment_root", sa.LargeBinary(), nullable=True),
        sa.Column("leaf_count", sa.Integer(), nullable=True),
        sa.Column("roster_root", sa.LargeBinary(), nullable=True),
        sa.Column("aggregates_root", sa.LargeBinary(), nullable=True),
        sa.Column("ingest_root", sa.LargeBinary(), nullable=True),
        sa.Column("ingest_size", sa.BigInteger(), nullable=True),
        sa.Column("payouts_root", sa.LargeBinary(), nullable=True),
        sa.Column("chunk_count", sa.Integer(), nullable=True),
        sa.Column("proposal_json", sa.Text(), nullable=True),
        sa.Column("proposal_hash", sa.LargeBinary(), nullable=True),
        sa.Column("previous_settlement", sa.LargeBinary(), nullable=True),
        sa.Column("signatures_json", sa.Text(), nullable=True),
        sa.Column("opened_tx", sa.LargeBinary(), nullable=True),
        sa.Column("opened_block", sa.BigInteger(), nullable=True),
        sa.Column("credited_units", sa.Text(), nullable=True),
        sa.Column("skipped_units", sa.Text(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.community_id"], name=op.f("fk_settlements_community_id")
        ),
        sa.PrimaryKeyConstraint("settlement_id", name=op.f("pk_settlements")),
        sa.UniqueConstraint(
            "community_id", "period_index", "revision", name=op.f("uq_settlements_community_id_period_index_revision")
        ),
    )


def _create_settlement_members() -> None:
    op.create_table(
        "settlement_members",
        sa.Column("settlement_id", sa.Integer(), nullable=False),
        sa.Column("leaf_index", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("member_id", sa.LargeBinary(), nullable=False),
        sa.Column("wallet", sa.String(length=42), nullable=True),
        sa.Column("entitlement_units", sa.Text(), nullable=False),
        sa.Column("entitlement_before_units", sa.Text(), nullable=False),
        sa.Column("carried_before_units", sa.Text(), nullable=False),
        sa.Column("skipped_units", sa.Text(), nullable=False),
        sa.Column("payout_units", sa.Text(), nullable=False),
        sa.Column("carried_after_units", sa.Text(), nullable=False),
        sa.Column("scores_json", sa.Text(), nullable=False),
        sa.Column("trace", sa.Text(), nullable=False),
        sa.Column("inputs_json", sa.Text(), nullable=True),
        sa.Column("series_count", sa.Integer(), nullable=True),
        sa.Column("data_root", sa.LargeBinary(), nullable=True),
        sa.Column("prev_leaf", sa.LargeBinary(), nullable=True),
        sa.Column("assignment_leaf", sa.LargeBinary(), nullable=True),
        sa.Column("roster_leaf", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["settlement_id"], ["settlements.settlement_id"], name=op.f("fk_settlement_members_settlement_id")
        ),
        sa.PrimaryKeyConstraint("settlement_id", "leaf_index", name=op.f("pk_settlement_members")),
    )
    op.create_index(op.f("ix_settlement_members_member_id"), "settlement_members", ["member_id"], unique=False)


def _create_settlement_series() -> None:
    op.create_table(
        "settlement_series",
        sa.Column("settlement_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("leaf_index", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("pid", sa.LargeBinary(), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=True),
        sa.Column("direction", sa.SmallInteger(), nullable=False),
        sa.Column("slot_s", sa.SmallInteger(), nullable=False),
        sa.Column("first_number", sa.SmallInteger(), nullable=False),
        sa.Column("first_revision", sa.Integer(), nullable=False),
        sa.Column("tree_size", sa.Integer(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("source_class", sa.SmallInteger(), nullable=False),
        sa.Column("source_digest", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["settlement_id", "leaf_index"],
            ["settlement_members.settlement_id", "settlement_members.leaf_index"],
            name=op.f("fk_settlement_series_settlement_id_leaf_index"),
        ),
        sa.PrimaryKeyConstraint("settlement_id", "leaf_index", "number", name=op.f("pk_settlement_series")),
    )


def _create_settlement_chunks() -> None:
    op.create_table(
        "settlement_chunks",
        sa.Column("settlement_id", sa.Integer(), nullable=False),
        sa.Column("chunk", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("payouts", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("credited_units", sa.Text(), nullable=True),
        sa.Column("skipped_units", sa.Text(), nullable=True),
        sa.Column("tx_hash", sa.LargeBinary(), nullable=True),
        sa.Column("block_number", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["settlement_id"], ["settlements.settlement_id"], name=op.f("fk_settlement_chunks_settlement_id")
        ),
        sa.PrimaryKeyConstraint("settlement_id", "chunk", name=op.f("pk_settlement_chunks")),
    )
