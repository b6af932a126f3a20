"""Derived series with their points and what they stand for."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables and columns of this revision."""
    _create_derived_series()
    _create_derived_series_data()
    _create_derived_series_users_time()
    _create_derived_series_devices_time()


def downgrade() -> None:
    """Drop them."""
    op.drop_table("derived_series_devices_time")
    op.drop_table("derived_series_users_time")
    op.drop_table("derived_series_data")
    op.drop_table("derived_series")


def _create_derived_series() -> None:
    op.create_table(
        "derived_series",
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("population", sa.String(length=255), nullable=True),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("period_type", sa.Text(), nullable=True),
        sa.Column("description", sa.String(length=256), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("frequency", sa.Text(), nullable=True),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("unit", sa.String(length=32), nullable=True),
        sa.Column("x_format", sa.Text(), nullable=True),
        sa.Column("measurement_type", sa.Text(), nullable=True),
        sa.Column("updated_at", sa.BigInteger(), nullable=True),
        sa.Column("update_cron", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.community_id"], name=op.f("fk_derived_series_community_id")
        ),
        sa.PrimaryKeyConstraint("series_id", name=op.f("pk_derived_series")),
    )
    op.create_index(op.f("ix_derived_series_community_id"), "derived_series", ["community_id"], unique=False)


def _create_derived_series_data() -> None:
    op.create_table(
        "derived_series_data",
        sa.Column("data_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("y", sa.BigInteger(), nullable=False),
        sa.Column("x", sa.String(length=32), nullable=False),
        sa.Column("x_order", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["series_id"], ["derived_series.series_id"], name=op.f("fk_derived_series_data_series_id")
        ),
        sa.PrimaryKeyConstraint("data_id", name=op.f("pk_derived_series_data")),
        sa.UniqueConstraint("series_id", "x_order", name=op.f("uq_derived_series_data_series_id_x_order")),
    )


def _create_derived_series_users_time() -> None:
    op.create_table(
        "derived_series_users_time",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.LargeBinary(), nullable=False),
        sa.Column("from_slot", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"], ["users_communities.member_id"], name=op.f("fk_derived_series_users_time_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["series_id"], ["derived_series.series_id"], name=op.f("fk_derived_series_users_time_series_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_derived_series_users_time")),
    )
    op.create_index(
        op.f("ix_derived_series_users_time_member_id"), "derived_series_users_time", ["member_id"], unique=False
    )
    op.create_index(
        op.f("ix_derived_series_users_time_series_id"), "derived_series_users_time", ["series_id"], unique=False
    )


def _create_derived_series_devices_time() -> None:
    op.create_table(
        "derived_series_devices_time",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("flow_id", sa.Integer(), nullable=False),
        sa.Column("from_slot", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["device_id"], ["devices.device_id"], name=op.f("fk_derived_series_devices_time_device_id")
        ),
        sa.ForeignKeyConstraint(["flow_id"], ["flows.flow_id"], name=op.f("fk_derived_series_devices_time_flow_id")),
        sa.ForeignKeyConstraint(
            ["series_id"], ["derived_series.series_id"], name=op.f("fk_derived_series_devices_time_series_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_derived_series_devices_time")),
    )
    op.create_index(
        op.f("ix_derived_series_devices_time_device_id"), "derived_series_devices_time", ["device_id"], unique=False
    )
    op.create_index(
        op.f("ix_derived_series_devices_time_series_id"), "derived_series_devices_time", ["series_id"], unique=False
    )
