"""batches: the unit of ingestion, with its digest and the counters that prove nothing was dropped."""

from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I2, I4, I8, Base, Blob, Code, InstantMs, Json


class Batch(Base):
    """Dense ids by receipt; the nine counters sum to the rows in; one flow merges a digest only once.

    `merge_no` counts merged batches in the order of their commits: readings "as of" a batch are cut by it.
    `registry_sha256` names, in the lake, what was registered about the devices when the batch was judged.
    """

    __tablename__ = "batches"
    __table_args__ = (
        Index(
            "uq_batches_done",
            "flow_id",
            "sha256",
            unique=True,
            sqlite_where=text("state = 'done'"),
            postgresql_where=text("state = 'done'"),
        ),
        Index("ix_batches_state", "state", "flow_id"),
        Index("uq_batches_merge_no", "merge_no", unique=True),
    )

    batch_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    flow_id: Mapped[int] = mapped_column(ForeignKey("flows.flow_id"))
    sha256: Mapped[Blob | None]
    bytes: Mapped[I8]
    received_at: Mapped[InstantMs]
    state: Mapped[Code]
    rows_new: Mapped[I4]
    rows_changed: Mapped[I4]
    rows_confirmed: Mapped[I4]
    rows_equal: Mapped[I4]
    rows_older: Mapped[I4]
    rows_merged: Mapped[I4]
    rows_missing: Mapped[I4]
    rows_rejected: Mapped[I4]
    rows_quarantined: Mapped[I4]
    report: Mapped[Json]
    nonce: Mapped[Blob | None]
    flow_config: Mapped[I4] = mapped_column(server_default="1")
    derived_from: Mapped[int | None] = mapped_column(ForeignKey("batches.batch_id"))
    merge_no: Mapped[I4 | None]
    received_leaf: Mapped[I8 | None]
    outcome_leaf: Mapped[I8 | None]
    registry_sha256: Mapped[Blob | None]
    attempts: Mapped[I2] = mapped_column(server_default="0")
    # Until when a worker holds the batch, when it may be tried again, and how long it waits for a registration.
    lease_until: Mapped[InstantMs | None]
    retry_at: Mapped[InstantMs | None]
    parked_until: Mapped[InstantMs | None]
    # A dead batch is dismissed by two persons.
    dismissal_by: Mapped[str | None] = mapped_column(Text)
    dismissed_by: Mapped[str | None] = mapped_column(Text)
    dismissal_reason: Mapped[str | None] = mapped_column(Text)
