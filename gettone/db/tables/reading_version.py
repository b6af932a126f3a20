"""reading_versions: every value ever received that is not, or no longer, the current one."""

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I2, I4, Base, Code, Slot


class ReadingVersion(Base):
    """`state` is superseded, older, quarantined, conflict or refused."""

    __tablename__ = "reading_versions"
    __table_args__ = (
        Index("ix_reading_versions_slot", "slot", postgresql_using="brin").ddl_if(dialect="postgresql"),
        {"sqlite_with_rowid": False, "postgresql_partition_by": "RANGE (slot)"},
    )

    channel_id: Mapped[I4] = mapped_column(primary_key=True, autoincrement=False)
    slot: Mapped[Slot] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[I2] = mapped_column(primary_key=True, autoincrement=False)
    wh: Mapped[I4 | None]
    quality: Mapped[I2]
    rank: Mapped[I2]
    batch_id: Mapped[I4]
    state: Mapped[Code]
