"""household_norms: what a household of a size withdraws in a year, with its source."""

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I2, I8, Base, Code, Slot


class HouseholdNorm(Base):
    """`year_wh` over [valid_from, valid_to) in slots."""

    __tablename__ = "household_norms"

    norm_id: Mapped[int] = mapped_column(primary_key=True)
    region: Mapped[Code]
    people: Mapped[I2]
    year_wh: Mapped[I8]
    source: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[Slot]
    valid_to: Mapped[Slot | None]
