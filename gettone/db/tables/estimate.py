"""estimates: what stands in for a missing value; a settlement never reads this table."""

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I2, I4, Base, Slot


class Estimate(Base):
    """`rule` says how it was made, `run_id` in which run.  Keys are checked once per run."""

    __tablename__ = "estimates"
    __table_args__ = (
        Index("ix_estimates_slot", "slot", postgresql_using="brin").ddl_if(dialect="postgresql"),
        {"sqlite_with_rowid": False, "postgresql_partition_by": "RANGE (slot)"},
    )

    channel_id: Mapped[I4] = mapped_column(primary_key=True, autoincrement=False)
    slot: Mapped[Slot] = mapped_column(primary_key=True, autoincrement=False)
    wh: Mapped[I4]
    rule: Mapped[I2]
    run_id: Mapped[I4]
