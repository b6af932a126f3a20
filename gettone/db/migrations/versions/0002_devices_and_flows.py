"""Devices with channels, holders and contracts, and the flows that speak for them."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables of this revision."""
    _create_suppliers()
    _create_flows()
    _create_devices()
    _create_flows_devices()
    _create_channels()
    _create_device_members()
    _create_device_contracts()


def downgrade() -> None:
    """Drop them."""
    op.drop_table("device_contracts")
    op.drop_table("device_members")
    op.drop_table("channels")
    op.drop_table("flows_devices")
    op.drop_table("devices")
    op.drop_table("flows")
    op.drop_table("suppliers")


def _create_suppliers() -> None:
    op.create_table(
        "suppliers",
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("description", sa.String(length=255), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("supplier_id", name=op.f("pk_suppliers")),
        sa.UniqueConstraint("name", name=op.f("uq_suppliers_name")),
    )


def _create_flows() -> None:
    op.create_table(
        "flows",
        sa.Column("flow_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=True),
        sa.Column("description", sa.String(length=255), nullable=True),
        sa.Column("config", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["supplier_id"], ["suppliers.supplier_id"], name=op.f("fk_flows_supplier_id")),
        sa.PrimaryKeyConstraint("flow_id", name=op.f("pk_flows")),
        sa.UniqueConstraint("name", name=op.f("uq_flows_name")),
    )


def _create_devices() -> None:
    op.create_table(
        "devices",
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.LargeBinary(), nullable=False),
        sa.Column("external_pid", sa.LargeBinary(), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=True),
        sa.Column("identification", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("active_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["supplier_id"], ["suppliers.supplier_id"], name=op.f("fk_devices_supplier_id")),
        sa.PrimaryKeyConstraint("device_id", name=op.f("pk_devices")),
        sa.UniqueConstraint("external_pid", name=op.f("uq_devices_external_pid")),
    )


def _create_flows_devices() -> None:
    op.create_table(
        "flows_devices",
        sa.Column("flow_id", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["devices.device_id"], name=op.f("fk_flows_devices_device_id")),
        sa.ForeignKeyConstraint(["flow_id"], ["flows.flow_id"], name=op.f("fk_flows_devices_flow_id")),
        sa.PrimaryKeyConstraint("flow_id", "device_id", name=op.f("pk_flows_devices")),
    )


def _create_channels() -> None:
    op.create_table(
        "channels",
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("direction", sa.SmallInteger(), nullable=False),
        sa.Column("step_s", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("one_way", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["devices.device_id"], name=op.f("fk_channels_device_id")),
        sa.PrimaryKeyConstraint("channel_id", name=op.f("pk_channels")),
        sa.UniqueConstraint("device_id", "direction", "step_s", name=op.f("uq_channels_device_id_direction_step_s")),
    )


def _create_device_members() -> None:
    op.create_table(
        "device_members",
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("valid_to", sa.Integer(), nullable=True),
        sa.Column("member_id", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["devices.device_id"], name=op.f("fk_device_members_device_id")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["users_communities.member_id"], name=op.f("fk_device_members_member_id")
        ),
        sa.PrimaryKeyConstraint("device_id", "valid_from", name=op.f("pk_device_members")),
    )
    op.create_index(op.f("ix_device_members_member_id"), "device_members", ["member_id"], unique=False)


def _create_device_contracts() -> None:
    op.create_table(
        "device_contracts",
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("valid_to", sa.Integer(), nullable=True),
        sa.Column("contract_w", sa.Integer(), nullable=True),
        sa.Column("available_w", sa.Integer(), nullable=True),
        sa.Column("plant_peak_w", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["device_id"], ["devices.device_id"], name=op.f("fk_device_contracts_device_id")),
        sa.PrimaryKeyConstraint("device_id", "valid_from", name=op.f("pk_device_contracts")),
    )
