"""device_contracts: contractual, available and plant power of a device, by validity."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I4, Base, Slot


class DeviceContract(Base):
    """Powers in W over [valid_from, valid_to) in slots; null where unknown."""

    __tablename__ = "device_contracts"

    device_id: Mapped[int] = mapped_column(ForeignKey("devices.device_id"), primary_key=True)
    valid_from: Mapped[Slot] = mapped_column(primary_key=True, autoincrement=False)
    valid_to: Mapped[Slot | None]
    contract_w: Mapped[I4 | None]
    available_w: Mapped[I4 | None]
    plant_peak_w: Mapped[I4 | None]
