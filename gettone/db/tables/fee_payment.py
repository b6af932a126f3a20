"""fee_payments: yearly fees in euro that a community received outside, recorded once each."""

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I2, I4, Base, Hex32, InstantMs


class FeePayment(Base):
    """One payment of a member for a calendar year; `reference` is that of the bank, unrepeatable in a community."""

    __tablename__ = "fee_payments"
    __table_args__ = (UniqueConstraint("community_id", "reference"),)

    payment_id: Mapped[str] = mapped_column(Text, primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.community_id"))
    member_id: Mapped[str] = mapped_column(Hex32, ForeignKey("users_communities.member_id"), index=True)
    year: Mapped[I2]
    amount_cents: Mapped[I4]
    paid_on: Mapped[str] = mapped_column(Text)
    reference: Mapped[str] = mapped_column(Text)
    recorded_by: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[InstantMs]
