"""People with their sealed names, roles and grants, and what serves a community."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_ROLES = (
    ("PA", "platform administrator: people, applications, communities, network"),
    ("CA", "community administrator: members, devices, wallets, approvals"),
    ("OA", "oracle administrator: reward models, sources, settlement runs"),
    ("TA", "token administrator: fees, incentives, bonuses, issue within the cap"),
    ("MB", "member: own readings, tokens and agreements"),
    ("AU", "auditor: reads a range of one community, on record"),
    ("SV", "service: supplier, distributor or gateway with a grant"),
    ("DV", "device: writes its own readings"),
    ("VF", "verifier: a member who checks services of others"),
)


def upgrade() -> None:
    """Add the tables and columns of this revision."""
    _create_users()
    _create_roles()
    _create_role_grants()
    _create_flows_communities()
    _create_suppliers_communities()
    _link_members_to_users()
    _insert_roles()


def downgrade() -> None:
    """Drop them."""
    _unlink_members()
    op.drop_table("suppliers_communities")
    op.drop_table("flows_communities")
    op.drop_table("role_grants")
    op.drop_table("roles")
    op.drop_table("users")


def _link_members_to_users() -> None:
    user = sa.Column(
        "user_id",
        sa.Uuid(as_uuid=False),
        sa.ForeignKey("users.user_id", name="fk_users_communities_user_id"),
        nullable=True,
    )
    op.add_column("users_communities", user, inline_references=True)
    op.create_index("uq_users_communities_user", "users_communities", ["community_id", "user_id"], unique=True)


def _unlink_members() -> None:
    op.drop_index("uq_users_communities_user", "users_communities")
    op.drop_column("users_communities", "user_id")


def _insert_roles() -> None:
    roles = sa.table("roles", sa.column("role_id"), sa.column("code"), sa.column("description"))
    op.bulk_insert(
        roles, [{"role_id": at, "code": code, "description": text} for at, (code, text) in enumerate(_ROLES, start=1)]
    )


def _create_users() -> None:
    op.create_table(
        "users",
        sa.Column("user_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("given_name", sa.LargeBinary(), nullable=False),
        sa.Column("family_name", sa.LargeBinary(), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("zip", sa.LargeBinary(), nullable=True),
        sa.Column("city", sa.LargeBinary(), nullable=True),
        sa.Column("province", sa.LargeBinary(), nullable=True),
        sa.Column("fiscal_code", sa.LargeBinary(), nullable=True),
        sa.Column("email", sa.LargeBinary(), nullable=False),
        sa.Column("idp_subject", sa.Text(), nullable=False),
        sa.Column("data_key", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("erased_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_users")),
        sa.UniqueConstraint("idp_subject", name=op.f("uq_users_idp_subject")),
    )


def _create_roles() -> None:
    op.create_table(
        "roles",
        sa.Column("role_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("role_id", name=op.f("pk_roles")),
        sa.UniqueConstraint("code", name=op.f("uq_roles_code")),
    )


def _create_role_grants() -> None:
    op.create_table(
        "role_grants",
        sa.Column("grant_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("client", sa.Text(), nullable=True),
        sa.Column("community_id", sa.Integer(), nullable=True),
        sa.Column("role_id", sa.SmallInteger(), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=True),
        sa.Column("data_from", sa.Integer(), nullable=True),
        sa.Column("data_to", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.BigInteger(), nullable=False),
        sa.Column("valid_to", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("granted_by", sa.Uuid(as_uuid=False), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.community_id"], name=op.f("fk_role_grants_community_id")
        ),
        sa.ForeignKeyConstraint(["granted_by"], ["users.user_id"], name=op.f("fk_role_grants_granted_by")),
        sa.ForeignKeyConstraint(["role_id"], ["roles.role_id"], name=op.f("fk_role_grants_role_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name=op.f("fk_role_grants_user_id")),
        sa.PrimaryKeyConstraint("grant_id", name=op.f("pk_role_grants")),
    )
    op.create_index(op.f("ix_role_grants_user_id"), "role_grants", ["user_id"], unique=False)


def _create_flows_communities() -> None:
    op.create_table(
        "flows_communities",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("flow_id", sa.Integer(), nullable=False),
        sa.Column("account_as", sa.SmallInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.community_id"], name=op.f("fk_flows_communities_community_id")
        ),
        sa.ForeignKeyConstraint(["flow_id"], ["flows.flow_id"], name=op.f("fk_flows_communities_flow_id")),
        sa.PrimaryKeyConstraint("community_id", "flow_id", name=op.f("pk_flows_communities")),
    )


def _create_suppliers_communities() -> None:
    op.create_table(
        "suppliers_communities",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.community_id"], name=op.f("fk_suppliers_communities_community_id")
        ),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["suppliers.supplier_id"], name=op.f("fk_suppliers_communities_supplier_id")
        ),
        sa.PrimaryKeyConstraint("community_id", "supplier_id", name=op.f("pk_suppliers_communities")),
    )
