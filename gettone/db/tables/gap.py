"""gaps: runs of slots without a measured value."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I4, I8, Base, Code, Slot


class Gap(Base):
    """`slots` counts native steps; `wh` is the energy known for the whole gap.

    `state` estimated, long, implausible or unfilled (short, but no estimate is possible).
    """

    __tablename__ = "gaps"

    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.channel_id"), primary_key=True)
    first_slot: Mapped[Slot] = mapped_column(primary_key=True, autoincrement=False)
    slots: Mapped[I4]
    wh: Mapped[I8 | None]
    state: Mapped[Code]
