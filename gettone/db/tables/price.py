"""prices: the zonal price of each slot."""

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I2, I8, Base, Code, Slot


class Price(Base):
    """`ueur_mwh` is 10^-6 EUR/MWh; `kind` actual, scenario or forecast."""

    __tablename__ = "prices"

    zone: Mapped[str] = mapped_column(Text, primary_key=True)
    slot: Mapped[Slot] = mapped_column(primary_key=True, autoincrement=False)
    step_s: Mapped[I2]
    ueur_mwh: Mapped[I8]
    kind: Mapped[Code]
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batches.batch_id"))
