"""register_bases: the registers that later readings of a flow are counted from (rules V7 and V10)."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I2, I8, Base, InstantS


class RegisterBase(Base):
    """Ends of runs without a gap, by flow: two sources of a channel may count from different zeros.

    `at_s` is the instant of reading in unix seconds, `wh` the register.  `joined`: every boundary between the base
    before and this one is told.
    """

    __tablename__ = "register_bases"

    flow_id: Mapped[int] = mapped_column(ForeignKey("flows.flow_id"), primary_key=True)
    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.channel_id"), primary_key=True)
    at_s: Mapped[InstantS] = mapped_column(primary_key=True, autoincrement=False)
    wh: Mapped[I8]
    quality: Mapped[I2]
    joined: Mapped[bool]
    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.batch_id"))
