"""samples [12]: what meters say beside energy, one row per channel, slot and signal."""

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I2, I4, Base, Slot


class Sample(Base):
    """`value` in the unit of its signal: mA, mV, W, var, basis points of charge.  Keys are checked once per batch."""

    __tablename__ = "samples"
    __table_args__ = (
        Index("ix_samples_slot", "slot", postgresql_using="brin").ddl_if(dialect="postgresql"),
        {"sqlite_with_rowid": False, "postgresql_partition_by": "RANGE (slot)"},
    )

    channel_id: Mapped[I4] = mapped_column(primary_key=True, autoincrement=False)
    slot: Mapped[Slot] = mapped_column(primary_key=True, autoincrement=False)
    signal_id: Mapped[I2] = mapped_column(primary_key=True, autoincrement=False)
    value: Mapped[I4]
    batch_id: Mapped[I4]
