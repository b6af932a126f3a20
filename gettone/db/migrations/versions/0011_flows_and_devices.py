"""All that the report says of flows, devices and suppliers; settings with history, keys, exchanged meters."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables and columns of this revision."""
    for table, columns in _columns():
        for column in columns:
            op.add_column(table, column, inline_references=bool(column.foreign_keys))
    _create_flow_configs()
    _create_device_keys()
    _create_meter_changes()
    _keep_first_settings()


def downgrade() -> None:
    """Drop them."""
    op.drop_table("meter_changes")
    op.drop_table("device_keys")
    op.drop_table("flow_configs")
    for table, columns in _columns():
        for column in columns:
            op.drop_column(table, column.name)


def _columns() -> tuple[tuple[str, tuple[sa.Column[Any], ...]], ...]:
    return (
        ("flows", _flow_columns()),
        ("devices", _device_columns()),
        ("suppliers", (sa.Column("note", sa.Text(), nullable=True),)),
        ("channels", (sa.Column("digits", sa.SmallInteger(), nullable=True),)),
    )


def _flow_columns() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column(
            "table_id",
            sa.SmallInteger(),
            sa.ForeignKey("measurement_tables.table_id", name="fk_flows_table_id"),
            nullable=True,
        ),
        sa.Column("send_frequency", sa.Text(), nullable=False, server_default="irregular"),
        sa.Column("send_cron", sa.Text(), nullable=True),
        sa.Column("send_derogation", sa.Text(), nullable=False, server_default="none"),
        sa.Column("measure_frequency", sa.Text(), nullable=False, server_default="quarter_hour"),
        sa.Column("measure_cron", sa.Text(), nullable=True),
        sa.Column("measure_derogation", sa.Text(), nullable=False, server_default="none"),
        sa.Column("measurement_type", sa.Text(), nullable=False, server_default="total"),
        sa.Column("channel", sa.String(length=256), nullable=True),
        sa.Column("syntax", sa.Text(), nullable=True),
        sa.Column("format_ref", sa.String(length=256), nullable=True),
        sa.Column("rights", sa.Text(), nullable=True),
        sa.Column("gdpr_class", sa.Text(), nullable=False, server_default="personal"),
        sa.Column("on_error", sa.Text(), nullable=True),
        sa.Column("start_at", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("end_at", sa.BigInteger(), nullable=True),
    )


def _device_columns() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("alt_id", sa.String(length=64), nullable=True),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("description", sa.LargeBinary(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("use_type", sa.Text(), nullable=True),
        sa.Column("geo_format", sa.String(length=32), nullable=True),
        sa.Column("geo", sa.LargeBinary(), nullable=True),
    )


def _keep_first_settings() -> None:
    """What a flow was set to until now is its first configuration."""
    flows = sa.table("flows", sa.column("flow_id"), sa.column("config"))
    first = sa.select(flows.c.flow_id, sa.literal(1), flows.c.config, sa.literal(0))
    kept = sa.table("flow_configs", *(sa.column(name) for name in ("flow_id", "number", "config", "since")))
    op.execute(kept.insert().from_select(["flow_id", "number", "config", "since"], first))


def _create_flow_configs() -> None:
    op.create_table(
        "flow_configs",
        sa.Column("flow_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("config", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["flow_id"], ["flows.flow_id"], name=op.f("fk_flow_configs_flow_id")),
        sa.PrimaryKeyConstraint("flow_id", "number", name=op.f("pk_flow_configs")),
    )


def _create_device_keys() -> None:
    op.create_table(
        "device_keys",
        sa.Column("key_id", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("mqtt_hash", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.BigInteger(), nullable=False),
        sa.Column("valid_to", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["devices.device_id"], name=op.f("fk_device_keys_device_id")),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_device_keys")),
        sa.UniqueConstraint("sha256", name=op.f("uq_device_keys_sha256")),
    )
    op.create_index(op.f("ix_device_keys_device_id"), "device_keys", ["device_id"], unique=False)


def _create_meter_changes() -> None:
    op.create_table(
        "meter_changes",
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("old_final_wh", sa.BigInteger(), nullable=False),
        sa.Column("new_initial_wh", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.channel_id"], name=op.f("fk_meter_changes_channel_id")),
        sa.PrimaryKeyConstraint("channel_id", "at", name=op.f("pk_meter_changes")),
    )
