"""device_presence: whether a device on MQTT is connected, as its last will tells."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import Base, InstantMs


class DevicePresence(Base):
    """One row a device; `changed_at` is when it last came or went."""

    __tablename__ = "device_presence"

    device_id: Mapped[int] = mapped_column(ForeignKey("devices.device_id"), primary_key=True)
    online: Mapped[bool]
    changed_at: Mapped[InstantMs]
