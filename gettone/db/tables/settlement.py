"""settlements: one payout of a period or its correction, with every number an auditor asks for."""

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I4, I8, Base, BigUnits, Blob, Code, InstantMs, InstantS, Json


class Settlement(Base):
    """Computing, held or proposed, attested, open, paying, paid, closed; or failed, with the reason.

    Columns of later states are null in earlier ones.  While there is no calculation (held, or restored from the
    chain) `result_digest` is empty, and what only a calculation knows is 0, empty or null JSON.
    """

    __tablename__ = "settlements"
    __table_args__ = (UniqueConstraint("community_id", "period_index", "revision"),)

    settlement_id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.community_id"))
    period_index: Mapped[I4]
    revision: Mapped[I4]
    state: Mapped[Code]
    origin: Mapped[Code] = mapped_column(server_default="computed")
    # Why it is held or failed, and the state in which a failed one goes on.
    reason: Mapped[str | None] = mapped_column(Text)
    resume_state: Mapped[Code | None]
    # Inputs and results of the calculation: state computing.
    period_start_s: Mapped[InstantS]
    period_end_s: Mapped[InstantS]
    timezone: Mapped[str] = mapped_column(Text)
    freeze_batch: Mapped[I4]
    model_version: Mapped[I4]
    model_json: Mapped[Json]
    carry_in_units: Mapped[BigUnits]
    carried_over_units: Mapped[BigUnits]
    entitlement_units: Mapped[BigUnits]
    total_units: Mapped[BigUnits]
    allocations_json: Mapped[Json]
    slot_totals_json: Mapped[Json]
    community_json: Mapped[Json]
    result_digest: Mapped[str] = mapped_column(Text)
    gate_report_json: Mapped[Json]
    gate_report_sha256: Mapped[Blob]
    citizen_fee_bps: Mapped[I4] = mapped_column(server_default="0")
    stakeholder_fee_bps: Mapped[I4] = mapped_column(server_default="0")
    computed_at: Mapped[InstantMs]
    # Trees and digests: state proposed.
    params_json: Mapped[Json | None]
    assignment_root: Mapped[Blob | None]
    leaf_count: Mapped[I4 | None]
    roster_root: Mapped[Blob | None]
    aggregates_root: Mapped[Blob | None]
    ingest_root: Mapped[Blob | None]
    ingest_size: Mapped[I8 | None]
    payouts_root: Mapped[Blob | None]
    chunk_count: Mapped[I4 | None]
    proposal_json: Mapped[Json | None]
    proposal_hash: Mapped[Blob | None]
    previous_settlement: Mapped[Blob | None]
    # What enough oracles signed: state attested.
    signatures_json: Mapped[Json | None]
    # What the chain says: states open, paid, closed.
    opened_tx: Mapped[Blob | None]
    opened_block: Mapped[I8 | None]
    credited_units: Mapped[BigUnits | None]
    fee_units: Mapped[BigUnits | None]
    skipped_units: Mapped[BigUnits | None]
    voided_units: Mapped[BigUnits | None]
    closed_at: Mapped[InstantMs | None]
