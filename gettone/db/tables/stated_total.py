"""stated_totals: what a source says the readings of a channel sum to, for rule V15."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I2, I8, Base, Slot


class StatedTotal(Base):
    """Wh over the slots [from_slot, to_slot) in `band` 1 to 3 (F1 to F3), or 0 for all; the last statement stands."""

    __tablename__ = "stated_totals"

    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.channel_id"), primary_key=True)
    from_slot: Mapped[Slot] = mapped_column(primary_key=True, autoincrement=False)
    to_slot: Mapped[Slot] = mapped_column(primary_key=True, autoincrement=False)
    band: Mapped[I2] = mapped_column(primary_key=True, autoincrement=False)
    wh: Mapped[I8]
    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.batch_id"))
