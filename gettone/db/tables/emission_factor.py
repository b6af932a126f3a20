"""emission_factors: CO2 of the grid by place and time, with its source."""

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I2, I4, Base, Code, Slot


class EmissionFactor(Base):
    """Milligrams of CO2 per Wh over [valid_from, valid_to) in slots."""

    __tablename__ = "emission_factors"

    factor_id: Mapped[int] = mapped_column(primary_key=True)
    region: Mapped[Code]
    mg_per_wh: Mapped[I4]
    year: Mapped[I2]
    source: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[Slot]
    valid_to: Mapped[Slot | None]
