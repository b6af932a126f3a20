"""polls: questions to the members of a community."""

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import Base, InstantMs, Json


class Poll(Base):
    """`texts` is the question by language, `options` a list of answers by language; votes count until `closes_at`."""

    __tablename__ = "polls"

    poll_id: Mapped[str] = mapped_column(Text, primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.community_id"), index=True)
    texts: Mapped[Json]
    options: Mapped[Json]
    closes_at: Mapped[InstantMs]
    asked_by: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[InstantMs]
