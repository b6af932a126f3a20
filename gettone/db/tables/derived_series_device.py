"""derived_series_devices_time [21]: the devices a series stands for."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import Base, I8Key, Slot


class DerivedSeriesDevice(Base):
    """`from_slot` is when that began, null where it always did."""

    __tablename__ = "derived_series_devices_time"

    id: Mapped[I8Key] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(ForeignKey("derived_series.series_id"), index=True)
    device_id: Mapped[int] = mapped_column(ForeignKey("devices.device_id"), index=True)
    flow_id: Mapped[int] = mapped_column(ForeignKey("flows.flow_id"))
    from_slot: Mapped[Slot | None]
