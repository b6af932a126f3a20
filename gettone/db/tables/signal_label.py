"""signal_labels: what the signals of `samples` and `weather` count."""

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I2, I4, Base, Code


class SignalLabel(Base):
    """A stored value is the measured one times 10**`scale` of `unit`; `min` and `max` bound what is plausible."""

    __tablename__ = "signal_labels"

    signal_id: Mapped[I2] = mapped_column(primary_key=True, autoincrement=False)
    code: Mapped[Code] = mapped_column(unique=True)
    table_id: Mapped[int] = mapped_column(ForeignKey("measurement_tables.table_id"))
    column: Mapped[str] = mapped_column(Text)
    unit: Mapped[str] = mapped_column(Text)
    scale: Mapped[I2]
    min: Mapped[I4 | None]
    max: Mapped[I4 | None]
