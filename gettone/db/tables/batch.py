"""batches: the unit of ingestion, with its digest and the counters that prove nothing was dropped."""

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I4, I8, Base, Blob, Code, InstantMs, Json


class Batch(Base):
    """Dense ids by receipt; the nine counters sum to the rows in; one flow merges a digest only once."""

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
