"""anomalies: what the rules found over a range of slots, until a person closes it."""

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I2, I4, Base, Code, I8Key, Slot


class Anomaly(Base):
    """`code` is one of the rules; `state` open or closed; one row per channel, code and first slot."""

    __tablename__ = "anomalies"
    __table_args__ = (Index(None, "channel_id", "first_slot"), Index(None, "flow_id", "first_slot"))

    anomaly_id: Mapped[I8Key] = mapped_column(primary_key=True)
    channel_id: Mapped[int | None] = mapped_column(ForeignKey("channels.channel_id"))
    flow_id: Mapped[int | None] = mapped_column(ForeignKey("flows.flow_id"))
    code: Mapped[Code]
    severity: Mapped[I2]
    first_slot: Mapped[Slot]
    last_slot: Mapped[Slot | None]
    count: Mapped[I4]
    state: Mapped[Code]
    note: Mapped[str | None] = mapped_column(Text)
