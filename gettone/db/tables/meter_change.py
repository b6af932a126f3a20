"""meter_changes: a meter was exchanged, with its last and the next one's first register."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I8, Base, InstantMs


class MeterChange(Base):
    """Registers in Wh; `at` is the instant of the exchange."""

    __tablename__ = "meter_changes"

    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.channel_id"), primary_key=True)
    at: Mapped[InstantMs] = mapped_column(primary_key=True, autoincrement=False)
    old_final_wh: Mapped[I8]
    new_initial_wh: Mapped[I8]
