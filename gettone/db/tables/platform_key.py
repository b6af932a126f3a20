"""platform_keys: data keys of the installation itself, wrapped."""

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import Base, Blob


class PlatformKey(Base):
    """`lookup` finds devices by HMAC, `devices` seals their outside ids, `rejects` seals refused rows."""

    __tablename__ = "platform_keys"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    wrapped: Mapped[Blob]
