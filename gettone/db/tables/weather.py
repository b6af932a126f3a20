"""weather: what a station measured, one row per slot and signal."""

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I2, I4, Base, Slot


class Weather(Base):
    """`station_id` is the device of the station; `value` in the unit of its signal: 0.1 °C, W/m2, 0.1 m/s."""

    __tablename__ = "weather"
    __table_args__ = (
        Index("ix_weather_slot", "slot", postgresql_using="brin").ddl_if(dialect="postgresql"),
        {"sqlite_with_rowid": False, "postgresql_partition_by": "RANGE (slot)"},
    )

    station_id: Mapped[I4] = mapped_column(primary_key=True, autoincrement=False)
    slot: Mapped[Slot] = mapped_column(primary_key=True, autoincrement=False)
    signal_id: Mapped[I2] = mapped_column(primary_key=True, autoincrement=False)
    value: Mapped[I4]
    quality: Mapped[I2]
    batch_id: Mapped[I4]
