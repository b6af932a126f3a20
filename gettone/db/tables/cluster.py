"""clusters [23]: one cluster of a group."""

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import Base


class Cluster(Base):
    """`label` is the letter that stays from run to run, or the given value; `description` the text from facts."""

    __tablename__ = "clusters"

    cluster_id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("cluster_groups.group_id"), index=True)
    description: Mapped[str] = mapped_column(Text)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.community_id"))
    label: Mapped[str] = mapped_column(Text)
