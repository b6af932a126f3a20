"""flow_configs: the configurations a flow had; each batch names the one it was received under."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I4, Base, InstantMs, Json


class FlowConfigRow(Base):
    """`number` counts from 1; a change applies from the next batch (§3.2)."""

    __tablename__ = "flow_configs"

    flow_id: Mapped[int] = mapped_column(ForeignKey("flows.flow_id"), primary_key=True)
    number: Mapped[I4] = mapped_column(primary_key=True, autoincrement=False)
    config: Mapped[Json]
    since: Mapped[InstantMs]
