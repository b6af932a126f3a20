"""flows_communities [10]: which flows feed a community."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I2, Base


class FlowCommunity(Base):
    """`account_as` is 1 for consumption, 2 for production, null where the channels say it."""

    __tablename__ = "flows_communities"

    community_id: Mapped[int] = mapped_column(ForeignKey("communities.community_id"), primary_key=True)
    flow_id: Mapped[int] = mapped_column(ForeignKey("flows.flow_id"), primary_key=True)
    account_as: Mapped[I2 | None]
