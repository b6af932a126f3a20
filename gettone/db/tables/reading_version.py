"""reading_versions: every value ever received that is not, or no longer, the current one."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I2, I4, Base, Code, Slot


class ReadingVersion(Base):
    """`state` is superseded, older, quarantined, conflict or refused."""

    __tablename__ = "reading_versions"
    __table_args__ = {"sqlite_with_rowid": False, "postgresql_partition_by": "RANGE (slot)"}  # noqa: RUF012 - SQLAlchemy reads a plain dict here

    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.channel_id"), primary_key=True)
    slot: Mapped[Slot] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[I2] = mapped_column(primary_key=True, autoincrement=False)
    wh: Mapped[I4 | None]
    quality: Mapped[I2]
    rank: Mapped[I2]
    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.batch_id"))
    state: Mapped[Code]
