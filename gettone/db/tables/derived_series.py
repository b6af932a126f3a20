"""derived_series [18]: a series that was computed, with how and when."""

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import Base, Code, InstantMs


class DerivedSeries(Base):
    """`period_type`, `frequency`, `x_format`, `type`, `entity` and `measurement_type` are codes."""

    __tablename__ = "derived_series"

    series_id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(128))
    population: Mapped[str | None] = mapped_column(String(255))
    type: Mapped[Code]
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.community_id"), index=True)
    period_type: Mapped[Code | None]
    description: Mapped[str | None] = mapped_column(String(256))
    note: Mapped[str | None] = mapped_column(Text)
    frequency: Mapped[Code | None]
    entity: Mapped[Code]
    unit: Mapped[str | None] = mapped_column(String(32))
    x_format: Mapped[Code | None]
    measurement_type: Mapped[Code | None]
    updated_at: Mapped[InstantMs | None]
    update_cron: Mapped[str | None] = mapped_column(String(64))
