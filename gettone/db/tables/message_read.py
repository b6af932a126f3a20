"""message_reads: which member has read which message."""

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import Base, Hex32, InstantMs


class MessageRead(Base):
    """One row a member and message."""

    __tablename__ = "message_reads"

    message_id: Mapped[str] = mapped_column(Text, ForeignKey("messages.message_id"), primary_key=True)
    member_id: Mapped[str] = mapped_column(Hex32, ForeignKey("users_communities.member_id"), primary_key=True)
    read_at: Mapped[InstantMs]
