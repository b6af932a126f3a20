"""messages: what admins tell the members of a community."""

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import Base, Code, InstantMs, Json


class Message(Base):
    """`texts` by language; `member_kind` citizen or stakeholder, null for all members."""

    __tablename__ = "messages"

    message_id: Mapped[str] = mapped_column(Text, primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.community_id"), index=True)
    texts: Mapped[Json]
    member_kind: Mapped[Code | None]
    sent_by: Mapped[str] = mapped_column(Text)
    sent_at: Mapped[InstantMs]
