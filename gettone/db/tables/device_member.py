"""device_members: who holds a device, and when."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import Base, Hex32, Slot


class DeviceMember(Base):
    """[valid_from, valid_to) in slots; intervals of a device never overlap: one community at a time."""

    __tablename__ = "device_members"

    device_id: Mapped[int] = mapped_column(ForeignKey("devices.device_id"), primary_key=True)
    valid_from: Mapped[Slot] = mapped_column(primary_key=True, autoincrement=False)
    valid_to: Mapped[Slot | None]
    member_id: Mapped[str] = mapped_column(Hex32, ForeignKey("users_communities.member_id"), index=True)
