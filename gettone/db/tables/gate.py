"""gates: the quality gate before a settlement, with its report."""

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I4, Base, Blob, Code, Json


class Gate(Base):
    """State of §8 for one period and revision; `freeze_batch` fixes the readings the settlement reads."""

    __tablename__ = "gates"

    community_id: Mapped[int] = mapped_column(ForeignKey("communities.community_id"), primary_key=True)
    period_index: Mapped[I4] = mapped_column(primary_key=True, autoincrement=False)
    revision: Mapped[I4] = mapped_column(primary_key=True, autoincrement=False)
    state: Mapped[Code]
    freeze_batch: Mapped[I4 | None]
    report: Mapped[Json]
    report_sha256: Mapped[Blob]
    decided_by: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
