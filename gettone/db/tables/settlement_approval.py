"""settlement_approvals: the persons who spoke for a revision, or for sending a settlement."""

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I4, Base, Code, InstantMs


class SettlementApproval(Base):
    """`act` is `revise` or `approve`; the reason is that of the first person."""

    __tablename__ = "settlement_approvals"

    community_id: Mapped[int] = mapped_column(ForeignKey("communities.community_id"), primary_key=True)
    period_index: Mapped[I4] = mapped_column(primary_key=True, autoincrement=False)
    revision: Mapped[I4] = mapped_column(primary_key=True, autoincrement=False)
    act: Mapped[Code] = mapped_column(primary_key=True)
    operator: Mapped[str] = mapped_column(Text, primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    approved_at: Mapped[InstantMs]
