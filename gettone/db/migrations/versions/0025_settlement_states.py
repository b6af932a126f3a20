"""States of settlements by their present names, signatures as they arrive, and why one is held or failed."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_SETTLEMENTS = sa.table(
    "settlements",
    *(
        sa.column(name)
        for name in ("settlement_id", "state", "resume_state", "result_digest", "proposal_hash", "proposal_json")
    ),
    *(sa.column(name) for name in ("previous_settlement", "signatures_json")),
)
_NAMES = {"computed": "computing", "signed": "attested", "opened": "open"}
_TREES = (
    *("params_json", "assignment_root", "leaf_count", "roster_root", "aggregates_root"),
    *("ingest_root", "ingest_size", "payouts_root", "chunk_count"),
)
_PROPOSAL = ("proposal_json", "proposal_hash", "previous_settlement", "signatures_json")
_LEAVES = ("inputs_json", "series_count", "data_root", "prev_leaf", "assignment_leaf", "roster_leaf")


def upgrade() -> None:
    """Rename the states; trees without a proposal are taken back, and the next run builds them anew."""
    op.create_table(
        "settlement_attestations",
        sa.Column("settlement_id", sa.Integer(), nullable=False),
        sa.Column("signer", sa.String(length=42), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["settlement_id"], ["settlements.settlement_id"], name=op.f("fk_settlement_attestations_settlement_id")
        ),
        sa.PrimaryKeyConstraint("settlement_id", "signer", name=op.f("pk_settlement_attestations")),
    )
    op.add_column("settlements", sa.Column("origin", sa.Text(), nullable=False, server_default="computed"))
    op.add_column("settlements", sa.Column("reason", sa.Text(), nullable=True))
    op.add_column("settlements", sa.Column("resume_state", sa.Text(), nullable=True))
    _take_trees_back("committed", "computing")
    for before, after in _NAMES.items():
        op.execute(_in_state(before).values(state=after))


def downgrade() -> None:
    """The names of before; what that version cannot express is taken back to the calculation, or dropped.

    A failed settlement stands where it failed.  One without a calculation (held, or restored from the chain) is
    dropped: the next run computes it, or finds it on the chain.
    """
    states = _SETTLEMENTS.c
    op.execute(_SETTLEMENTS.update().where(states.state == "failed").values(state=states.resume_state))
    op.drop_table("settlement_attestations")
    _take_trees_back("proposed", "computed")
    for after, before in _NAMES.items():
        op.execute(_in_state(before).values(state=after))
    nothing = sa.select(states.settlement_id).where(states.result_digest == "")
    for table in ("settlement_series", "settlement_chunks", "settlement_members"):
        rows = sa.table(table, sa.column("settlement_id"))
        op.execute(rows.delete().where(rows.c.settlement_id.in_(nothing)))
    op.execute(_SETTLEMENTS.delete().where(states.result_digest == ""))
    for name in ("resume_state", "reason", "origin"):
        op.drop_column("settlements", name)


def _in_state(state: str) -> sa.Update:
    return _SETTLEMENTS.update().where(_SETTLEMENTS.c.state == state)


def _take_trees_back(state: str, to: str) -> None:
    """Nothing of these settlements was signed or sent, so their trees may be built again."""
    chosen = sa.select(_SETTLEMENTS.c.settlement_id).where(_SETTLEMENTS.c.state == state)
    for table in ("settlement_series", "settlement_chunks"):
        rows = sa.table(table, sa.column("settlement_id"))
        op.execute(rows.delete().where(rows.c.settlement_id.in_(chosen)))
    lines = sa.table("settlement_members", sa.column("settlement_id"), *(sa.column(name) for name in _LEAVES))
    op.execute(lines.update().where(lines.c.settlement_id.in_(chosen)).values(dict.fromkeys(_LEAVES)))
    settlements = sa.table("settlements", sa.column("state"), *(sa.column(name) for name in _TREES + _PROPOSAL))
    taken = settlements.update().where(settlements.c.state == state)
    op.execute(taken.values({**dict.fromkeys(_TREES + _PROPOSAL), "state": to}))
