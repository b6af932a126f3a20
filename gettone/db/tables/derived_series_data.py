"""derived_series_data [19]: the points of derived series."""

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I4, I8, Base, I8Key


class DerivedSeriesData(Base):
    """`x` is the label of a point, `x_order` its place, `y` an integer in the unit of the series."""

    __tablename__ = "derived_series_data"
    __table_args__ = (UniqueConstraint("series_id", "x_order"),)

    data_id: Mapped[I8Key] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(ForeignKey("derived_series.series_id"))
    y: Mapped[I8]
    x: Mapped[str] = mapped_column(String(32))
    x_order: Mapped[I4]
