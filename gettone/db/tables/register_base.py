"""register_bases: the last register by which each channel is known (rule V10)."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I2, I8, Base, InstantS


class RegisterBase(Base):
    """The next register of the channel is subtracted from it; `at_s` is its instant in unix seconds."""

    __tablename__ = "register_bases"

    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.channel_id"), primary_key=True)
    at_s: Mapped[InstantS]
    register_wh: Mapped[I8]
    quality: Mapped[I2]
    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.batch_id"))
