"""Groups of load curves, their clusters, curves and members."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables and columns of this revision."""
    _create_cluster_groups()
    _create_clusters()
    _create_clusters_derived_series()
    _create_clusters_users_time()
    _create_clusters_devices_time()


def downgrade() -> None:
    """Drop them."""
    op.drop_table("clusters_devices_time")
    op.drop_table("clusters_users_time")
    op.drop_table("clusters_derived_series")
    op.drop_table("clusters")
    op.drop_table("cluster_groups")


def _create_cluster_groups() -> None:
    op.create_table(
        "cluster_groups",
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=32), nullable=True),
        sa.Column("description", sa.String(length=255), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("update_cron", sa.String(length=255), nullable=True),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("config", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("stable", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.community_id"], name=op.f("fk_cluster_groups_community_id")
        ),
        sa.PrimaryKeyConstraint("group_id", name=op.f("pk_cluster_groups")),
    )
    op.create_index(op.f("ix_cluster_groups_community_id"), "cluster_groups", ["community_id"], unique=False)


def _create_clusters() -> None:
    op.create_table(
        "clusters",
        sa.Column("cluster_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["communities.community_id"], name=op.f("fk_clusters_community_id")),
        sa.ForeignKeyConstraint(["group_id"], ["cluster_groups.group_id"], name=op.f("fk_clusters_group_id")),
        sa.PrimaryKeyConstraint("cluster_id", name=op.f("pk_clusters")),
    )
    op.create_index(op.f("ix_clusters_group_id"), "clusters", ["group_id"], unique=False)


def _create_clusters_derived_series() -> None:
    op.create_table(
        "clusters_derived_series",
        sa.Column("cluster_id", sa.Integer(), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cluster_id"], ["clusters.cluster_id"], name=op.f("fk_clusters_derived_series_cluster_id")
        ),
        sa.ForeignKeyConstraint(
            ["series_id"], ["derived_series.series_id"], name=op.f("fk_clusters_derived_series_series_id")
        ),
        sa.PrimaryKeyConstraint("cluster_id", "series_id", name=op.f("pk_clusters_derived_series")),
    )


def _create_clusters_users_time() -> None:
    op.create_table(
        "clusters_users_time",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cluster_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.LargeBinary(), nullable=False),
        sa.Column("from_slot", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["cluster_id"], ["clusters.cluster_id"], name=op.f("fk_clusters_users_time_cluster_id")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["users_communities.member_id"], name=op.f("fk_clusters_users_time_member_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clusters_users_time")),
    )
    op.create_index(op.f("ix_clusters_users_time_cluster_id"), "clusters_users_time", ["cluster_id"], unique=False)
    op.create_index(op.f("ix_clusters_users_time_member_id"), "clusters_users_time", ["member_id"], unique=False)


def _create_clusters_devices_time() -> None:
    op.create_table(
        "clusters_devices_time",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cluster_id", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("flow_id", sa.Integer(), nullable=False),
        sa.Column("from_slot", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["cluster_id"], ["clusters.cluster_id"], name=op.f("fk_clusters_devices_time_cluster_id")
        ),
        sa.ForeignKeyConstraint(["device_id"], ["devices.device_id"], name=op.f("fk_clusters_devices_time_device_id")),
        sa.ForeignKeyConstraint(["flow_id"], ["flows.flow_id"], name=op.f("fk_clusters_devices_time_flow_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clusters_devices_time")),
    )
    op.create_index(op.f("ix_clusters_devices_time_cluster_id"), "clusters_devices_time", ["cluster_id"], unique=False)
    op.create_index(op.f("ix_clusters_devices_time_device_id"), "clusters_devices_time", ["device_id"], unique=False)
