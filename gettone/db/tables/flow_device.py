"""flows_devices: which devices a flow may speak for."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import Base


class FlowDevice(Base):
    """A row of a flow about a device that is not listed here is refused (V3)."""

    __tablename__ = "flows_devices"

    flow_id: Mapped[int] = mapped_column(ForeignKey("flows.flow_id"), primary_key=True)
    device_id: Mapped[int] = mapped_column(ForeignKey("devices.device_id"), primary_key=True)
