"""reconciliations: each comparison of chain, index and settlements, with all that differed."""

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I4, I8, Base, InstantMs, Json


class Reconciliation(Base):
    """`differences` is how many there were, a metric; `report` is the whole report as JSON."""

    __tablename__ = "reconciliations"
    __table_args__ = (Index(None, "community_id", "finished_at"),)

    reconciliation_id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.community_id"))
    block_number: Mapped[I8]
    started_by: Mapped[str] = mapped_column(Text)
    started_at: Mapped[InstantMs]
    finished_at: Mapped[InstantMs]
    differences: Mapped[I4]
    report: Mapped[Json]
