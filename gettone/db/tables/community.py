"""communities [8]: an energy community and what its settlements take from it."""

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I2, Base, Code


class Community(Base):
    """One community; `slug` is its id in routes, topics and the notarization.

    `governance` is two or single: whether changes need two persons, or one may approve the own ones a day later.
    `state` is deploying, active, paused or closed.
    """

    __tablename__ = "communities"

    community_id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str | None] = mapped_column(String(64))
    description: Mapped[str | None] = mapped_column(String(255))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("communities.community_id"))
    kind: Mapped[Code]
    tz: Mapped[str] = mapped_column(Text)
    substation: Mapped[str | None] = mapped_column(Text)
    market_zone: Mapped[str | None] = mapped_column(Text)
    settle_slot_s: Mapped[I2]
    netting: Mapped[Code]
    governance: Mapped[Code] = mapped_column(server_default="two")
    state: Mapped[Code] = mapped_column(server_default="active")
    statute_version: Mapped[str] = mapped_column(Text, server_default="1")
