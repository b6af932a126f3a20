"""coverage_days: how complete each local day of a channel is."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I2, I4, I8, Base


class CoverageDay(Base):
    """`local_day` counts days since 1970-01-01 on the local calendar; sums in Wh."""

    __tablename__ = "coverage_days"

    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.channel_id"), primary_key=True)
    local_day: Mapped[I4] = mapped_column(primary_key=True, autoincrement=False)
    expected: Mapped[I2]
    actual: Mapped[I2]
    estimated: Mapped[I2]
    substituted: Mapped[I2]
    quarantined: Mapped[I2]
    wh_plus: Mapped[I8]
    wh_minus: Mapped[I8]
