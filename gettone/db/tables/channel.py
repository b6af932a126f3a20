"""channels: one direction of a device at one native step."""

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I2, Base, Code


class Channel(Base):
    """`direction` as in Table 13 of the report, `step_s` 900, 1800 or 3600; `digits` of its register in kWh."""

    __tablename__ = "channels"
    __table_args__ = (UniqueConstraint("device_id", "direction", "step_s"),)

    channel_id: Mapped[int] = mapped_column(primary_key=True)
    device_id: Mapped[int] = mapped_column(ForeignKey("devices.device_id"))
    direction: Mapped[I2]
    step_s: Mapped[I2]
    kind: Mapped[Code]
    one_way: Mapped[bool]
    digits: Mapped[I2 | None]
