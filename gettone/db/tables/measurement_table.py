"""measurement_tables [17]: the tables that a flow may fill."""

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I2, Base


class MeasurementTable(Base):
    """`name` as in this database."""

    __tablename__ = "measurement_tables"

    table_id: Mapped[I2] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    description: Mapped[str | None] = mapped_column(String(255))
    note: Mapped[str | None] = mapped_column(Text)
