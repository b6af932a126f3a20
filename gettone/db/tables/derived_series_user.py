"""derived_series_users_time [20]: the members a series stands for."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import Base, Hex32, I8Key, Slot


class DerivedSeriesUser(Base):
    """`from_slot` is when that began, null where it always did."""

    __tablename__ = "derived_series_users_time"

    id: Mapped[I8Key] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(ForeignKey("derived_series.series_id"), index=True)
    member_id: Mapped[str] = mapped_column(Hex32, ForeignKey("users_communities.member_id"), index=True)
    from_slot: Mapped[Slot | None]
