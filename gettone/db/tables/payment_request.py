"""payment_requests: a member asks another one for tokens."""

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import Base, BigUnits, Code, InstantMs, MemberKey


class PaymentRequest(Base):
    """State open, accepted or refused; accepting moves nothing, the payer's own transfer names the request."""

    __tablename__ = "payment_requests"

    request_id: Mapped[str] = mapped_column(Text, primary_key=True)
    community_id: Mapped[int]
    member_id: Mapped[MemberKey] = mapped_column(index=True)
    payer_id: Mapped[MemberKey] = mapped_column(index=True)
    units: Mapped[BigUnits]
    text: Mapped[str | None] = mapped_column(Text)
    state: Mapped[Code]
    created_at: Mapped[InstantMs]
    answered_at: Mapped[InstantMs | None]
