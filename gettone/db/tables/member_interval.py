"""member_intervals: when a member belonged to the community, half-open in slots."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import Base, Hex32, Slot


class MemberInterval(Base):
    """[valid_from, valid_to) in slots; an open end is null; intervals of a member never overlap."""

    __tablename__ = "member_intervals"

    member_id: Mapped[str] = mapped_column(Hex32, ForeignKey("users_communities.member_id"), primary_key=True)
    valid_from: Mapped[Slot] = mapped_column(primary_key=True, autoincrement=False)
    valid_to: Mapped[Slot | None]
