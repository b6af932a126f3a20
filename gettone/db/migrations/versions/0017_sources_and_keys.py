"""Sources of flows, keys of readers, and whether a device is connected."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables of this revision."""
    _create_sources()
    _create_reader_keys()
    _create_device_presence()


def downgrade() -> None:
    """Drop them."""
    for table in ("device_presence", "reader_keys", "sources"):
        op.drop_table(table)


def _create_sources() -> None:
    op.create_table(
        "sources",
        sa.Column("flow_id", sa.Integer(), nullable=False),
        sa.Column("transport", sa.Text(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=True),
        sa.Column("send_period_s", sa.Integer(), nullable=True),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["communities.community_id"], name=op.f("fk_sources_community_id")),
        sa.ForeignKeyConstraint(["flow_id"], ["flows.flow_id"], name=op.f("fk_sources_flow_id")),
        sa.PrimaryKeyConstraint("flow_id", name=op.f("pk_sources")),
    )


def _create_reader_keys() -> None:
    op.create_table(
        "reader_keys",
        sa.Column("key_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("valid_from", sa.BigInteger(), nullable=False),
        sa.Column("valid_to", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.community_id"], name=op.f("fk_reader_keys_community_id")
        ),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_reader_keys")),
        sa.UniqueConstraint("sha256", name=op.f("uq_reader_keys_sha256")),
    )


def _create_device_presence() -> None:
    op.create_table(
        "device_presence",
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("online", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["devices.device_id"], name=op.f("fk_device_presence_device_id")),
        sa.PrimaryKeyConstraint("device_id", name=op.f("pk_device_presence")),
    )
