"""offers: what members of a community offer and look for."""

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import Base, BigUnits, Code, InstantMs, MemberKey


class Offer(Base):
    """`side` is offer or request, `structure_id` the stakeholder who lends a place; a deleted one is gone."""

    __tablename__ = "offers"
    __table_args__ = (Index(None, "community_id", "created_at"),)

    offer_id: Mapped[str] = mapped_column(Text, primary_key=True)
    community_id: Mapped[int]
    member_id: Mapped[MemberKey] = mapped_column(index=True)
    side: Mapped[Code]
    kind: Mapped[Code]
    price_units: Mapped[BigUnits]
    title: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    structure_id: Mapped[MemberKey | None]
    created_at: Mapped[InstantMs]
    changed_at: Mapped[InstantMs]
