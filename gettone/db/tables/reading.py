"""readings [12]: the current value of each channel and slot."""

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I2, I4, Base, Slot


class Reading(Base):
    """Signed Wh; no personal data.  Clustered on SQLite, partitioned by UTC month on PostgreSQL."""

    __tablename__ = "readings"
    __table_args__ = (
        Index("ix_readings_slot", "slot", postgresql_using="brin").ddl_if(dialect="postgresql"),
        {"sqlite_with_rowid": False, "postgresql_partition_by": "RANGE (slot)"},
    )

    channel_id: Mapped[I4] = mapped_column(primary_key=True, autoincrement=False)
    slot: Mapped[Slot] = mapped_column(primary_key=True, autoincrement=False)
    wh: Mapped[I4]
    quality: Mapped[I2]
    rank: Mapped[I2]
    version: Mapped[I2]
    batch_id: Mapped[I4]
