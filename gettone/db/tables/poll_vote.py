"""poll_votes: one vote of a member in a poll; only counts are ever shown."""

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I2, Base, Hex32, InstantMs


class PollVote(Base):
    """`choice` is the number of an option, from 0."""

    __tablename__ = "poll_votes"

    poll_id: Mapped[str] = mapped_column(Text, ForeignKey("polls.poll_id"), primary_key=True)
    member_id: Mapped[str] = mapped_column(Hex32, ForeignKey("users_communities.member_id"), primary_key=True)
    choice: Mapped[I2]
    voted_at: Mapped[InstantMs]
