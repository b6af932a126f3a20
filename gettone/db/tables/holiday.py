"""holidays: days that bands and profiles take for Sundays, with their validity."""

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I2, Base, Code


class Holiday(Base):
    """A fixed day (`month`, `day`) or days after Easter Sunday; unconfirmed ones do not count yet."""

    __tablename__ = "holidays"

    holiday_id: Mapped[int] = mapped_column(primary_key=True)
    region: Mapped[Code]
    month: Mapped[I2 | None]
    day: Mapped[I2 | None]
    easter_days: Mapped[I2 | None]
    name_en: Mapped[str] = mapped_column(Text)
    name_it: Mapped[str] = mapped_column(Text)
    from_year: Mapped[I2 | None]
    to_year: Mapped[I2 | None]
    confirmed: Mapped[bool]
    source: Mapped[str] = mapped_column(Text)
