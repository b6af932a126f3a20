"""Communities in their states, how people become members, their fees, and their wallets."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables and columns of this revision."""
    op.add_column("communities", sa.Column("governance", sa.Text(), server_default="two", nullable=False))
    op.add_column("communities", sa.Column("state", sa.Text(), server_default="active", nullable=False))
    op.add_column("communities", sa.Column("statute_version", sa.Text(), server_default="1", nullable=False))
    _create_invitations()
    _create_proposals()
    _create_fee_payments()
    _create_join_requests()
    _create_memberships()
    _create_wallet_challenges()
    _create_wallet_replacements()
    _create_wallets()


def downgrade() -> None:
    """Drop them."""
    for table in (
        "wallets",
        "wallet_replacements",
        "wallet_challenges",
        "memberships",
        "join_requests",
        "fee_payments",
        "proposals",
        "invitations",
    ):
        op.drop_table(table)
    for column in ("statute_version", "state", "governance"):
        op.drop_column("communities", column)


def _create_invitations() -> None:
    op.create_table(
        "invitations",
        sa.Column("invitation_id", sa.Text(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("email_pid", sa.LargeBinary(), nullable=False),
        sa.Column("email", sa.LargeBinary(), nullable=True),
        sa.Column("data_key", sa.LargeBinary(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("has_storage", sa.Boolean(), nullable=False),
        sa.Column("is_natural_person", sa.Boolean(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("invited_by", sa.Text(), nullable=False),
        sa.Column("invited_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.community_id"], name=op.f("fk_invitations_community_id")
        ),
        sa.PrimaryKeyConstraint("invitation_id", name=op.f("pk_invitations")),
    )
    op.create_index(op.f("ix_invitations_community_id"), "invitations", ["community_id"])


def _create_proposals() -> None:
    op.create_table(
        "proposals",
        sa.Column("proposal_id", sa.Text(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.Text(), nullable=False),
        sa.Column("proposed_at", sa.BigInteger(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["community_id"], ["communities.community_id"], name=op.f("fk_proposals_community_id")),
        sa.PrimaryKeyConstraint("proposal_id", name=op.f("pk_proposals")),
    )
    op.create_index(op.f("ix_proposals_community_id"), "proposals", ["community_id"])


def _create_fee_payments() -> None:
    op.create_table(
        "fee_payments",
        sa.Column("payment_id", sa.Text(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.LargeBinary(), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("paid_on", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.community_id"], name=op.f("fk_fee_payments_community_id")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["users_communities.member_id"], name=op.f("fk_fee_payments_member_id")),
        sa.PrimaryKeyConstraint("payment_id", name=op.f("pk_fee_payments")),
        sa.UniqueConstraint("community_id", "reference", name=op.f("uq_fee_payments_community_id_reference")),
    )
    op.create_index(op.f("ix_fee_payments_member_id"), "fee_payments", ["member_id"])


def _create_join_requests() -> None:
    op.create_table(
        "join_requests",
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("has_storage", sa.Boolean(), nullable=False),
        sa.Column("is_natural_person", sa.Boolean(), nullable=False),
        sa.Column("statute_version", sa.Text(), nullable=False),
        sa.Column("consents", sa.Text(), nullable=False),
        sa.Column("devices", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("invitation_id", sa.Text(), nullable=True),
        sa.Column("member_id", sa.LargeBinary(), nullable=True),
        sa.Column("requested_at", sa.BigInteger(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.community_id"], name=op.f("fk_join_requests_community_id")
        ),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitations.invitation_id"], name=op.f("fk_join_requests_invitation_id")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["users_communities.member_id"], name=op.f("fk_join_requests_member_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name=op.f("fk_join_requests_user_id")),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_join_requests")),
    )
    op.create_index(op.f("ix_join_requests_community_id"), "join_requests", ["community_id"])
    op.create_index(op.f("ix_join_requests_user_id"), "join_requests", ["user_id"])


def _create_memberships() -> None:
    op.create_table(
        "memberships",
        sa.Column("member_id", sa.LargeBinary(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("has_storage", sa.Boolean(), nullable=False),
        sa.Column("is_natural_person", sa.Boolean(), nullable=False),
        sa.Column("statute_version", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("weekly_goal_wh", sa.BigInteger(), nullable=True),
        sa.Column("state_since", sa.BigInteger(), nullable=False),
        sa.Column("state_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.community_id"], name=op.f("fk_memberships_community_id")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["users_communities.member_id"], name=op.f("fk_memberships_member_id")),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_memberships")),
        sa.UniqueConstraint("community_id", "external_id", name=op.f("uq_memberships_community_id_external_id")),
    )


def _create_wallet_challenges() -> None:
    op.create_table(
        "wallet_challenges",
        sa.Column("nonce", sa.Text(), nullable=False),
        sa.Column("caller", sa.Text(), nullable=False),
        sa.Column("member_id", sa.LargeBinary(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"], ["users_communities.member_id"], name=op.f("fk_wallet_challenges_member_id")
        ),
        sa.PrimaryKeyConstraint("nonce", name=op.f("pk_wallet_challenges")),
    )
    op.create_index(op.f("ix_wallet_challenges_member_id"), "wallet_challenges", ["member_id"])


def _create_wallet_replacements() -> None:
    op.create_table(
        "wallet_replacements",
        sa.Column("replacement_id", sa.Text(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.LargeBinary(), nullable=False),
        sa.Column("old_address", sa.Text(), nullable=False),
        sa.Column("new_address", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("consent", sa.LargeBinary(), nullable=False),
        sa.Column("order_signature", sa.LargeBinary(), nullable=True),
        sa.Column("deadline_s", sa.BigInteger(), nullable=False),
        sa.Column("executable_at_s", sa.BigInteger(), nullable=True),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("requested_at", sa.BigInteger(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.community_id"], name=op.f("fk_wallet_replacements_community_id")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["users_communities.member_id"], name=op.f("fk_wallet_replacements_member_id")
        ),
        sa.PrimaryKeyConstraint("replacement_id", name=op.f("pk_wallet_replacements")),
    )
    op.create_index(op.f("ix_wallet_replacements_community_id"), "wallet_replacements", ["community_id"])
    op.create_index(op.f("ix_wallet_replacements_member_id"), "wallet_replacements", ["member_id"])


def _create_wallets() -> None:
    op.create_table(
        "wallets",
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.LargeBinary(), nullable=False),
        sa.Column("custody", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("sealed_key", sa.LargeBinary(), nullable=True),
        sa.Column("data_key", sa.LargeBinary(), nullable=True),
        sa.Column("consent", sa.LargeBinary(), nullable=True),
        sa.Column("consent_nonce", sa.BigInteger(), nullable=True),
        sa.Column("consent_deadline_s", sa.BigInteger(), nullable=True),
        sa.Column("linked_at", sa.BigInteger(), nullable=False),
        sa.Column("joined_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["community_id"], ["communities.community_id"], name=op.f("fk_wallets_community_id")),
        sa.ForeignKeyConstraint(["member_id"], ["users_communities.member_id"], name=op.f("fk_wallets_member_id")),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_wallets")),
    )
    op.create_index(op.f("ix_wallets_community_id"), "wallets", ["community_id"])
    op.create_index(op.f("ix_wallets_member_id"), "wallets", ["member_id"])
