"""clusters_devices_time [26]: the devices of a cluster."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import Base, I8Key, Slot


class ClusterDevice(Base):
    """`from_slot` is the first slot of the curve that was grouped, null for all of the range."""

    __tablename__ = "clusters_devices_time"

    id: Mapped[I8Key] = mapped_column(primary_key=True)
    cluster_id: Mapped[int] = mapped_column(ForeignKey("clusters.cluster_id"), index=True)
    device_id: Mapped[int] = mapped_column(ForeignKey("devices.device_id"), index=True)
    flow_id: Mapped[int] = mapped_column(ForeignKey("flows.flow_id"))
    from_slot: Mapped[Slot | None]
