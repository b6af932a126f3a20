"""readings [12]: the current value of each channel and slot."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I2, I4, Base, Slot


class Reading(Base):
    """Signed Wh; no personal data.  Clustered on SQLite, partitioned by UTC month on PostgreSQL."""

    __tablename__ = "readings"
    __table_args__ = {"sqlite_with_rowid": False, "postgresql_partition_by": "RANGE (slot)"}  # noqa: RUF012 - SQLAlchemy reads a plain dict here

    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.channel_id"), primary_key=True)
    slot: Mapped[Slot] = mapped_column(primary_key=True, autoincrement=False)
    wh: Mapped[I4]
    quality: Mapped[I2]
    rank: Mapped[I2]
    version: Mapped[I2]
    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.batch_id"))
