"""device_keys: what a device proves itself with when it writes."""

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import Base, Blob, InstantMs


class DeviceKey(Base):
    """Only the SHA-256 of a key, or of a certificate (DER), is kept; `mqtt_hash` is the broker's own form of a key."""

    __tablename__ = "device_keys"

    key_id: Mapped[int] = mapped_column(primary_key=True)
    device_id: Mapped[int] = mapped_column(ForeignKey("devices.device_id"), index=True)
    sha256: Mapped[Blob] = mapped_column(unique=True)
    mqtt_hash: Mapped[str | None] = mapped_column(Text)
    valid_from: Mapped[InstantMs]
    valid_to: Mapped[InstantMs]
