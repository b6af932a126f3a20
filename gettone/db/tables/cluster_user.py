"""clusters_users_time [25]: the members of a cluster."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import Base, Hex32, I8Key, Slot


class ClusterUser(Base):
    """`from_slot` is the first slot of the curve that was grouped, null for all of the range."""

    __tablename__ = "clusters_users_time"

    id: Mapped[I8Key] = mapped_column(primary_key=True)
    cluster_id: Mapped[int] = mapped_column(ForeignKey("clusters.cluster_id"), index=True)
    member_id: Mapped[str] = mapped_column(Hex32, ForeignKey("users_communities.member_id"), index=True)
    from_slot: Mapped[Slot | None]
