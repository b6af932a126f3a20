"""cluster_groups [22]: one run of a clustering, with its settings and its result."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import Base, InstantMs, Json


class ClusterGroup(Base):
    """`config` and `result` are canonical JSON; an unstable grouping is not shown to members."""

    __tablename__ = "cluster_groups"

    group_id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str | None] = mapped_column(String(32))
    description: Mapped[str] = mapped_column(String(255))
    updated_at: Mapped[InstantMs]
    update_cron: Mapped[str | None] = mapped_column(String(255))
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.community_id"), index=True)
    config: Mapped[Json]
    result: Mapped[Json]
    stable: Mapped[bool]
