"""clusters_derived_series [24]: the curves of a cluster."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import Base


class ClusterDerivedSeries(Base):
    """Mean, standard deviation and coefficient of variation of each cluster are derived series."""

    __tablename__ = "clusters_derived_series"

    cluster_id: Mapped[int] = mapped_column(ForeignKey("clusters.cluster_id"), primary_key=True)
    series_id: Mapped[int] = mapped_column(ForeignKey("derived_series.series_id"), primary_key=True)
