"""sources: how the readings of a flow arrive."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I4, Base, Code, InstantMs


class Source(Base):
    """`transport` is mqtt, triage, rest, upload or https; a flow silent for three send periods opens A_SILENT.

    `community_id` is the one whose topics an MQTT source hears; `since` is when the source was added.
    """

    __tablename__ = "sources"

    flow_id: Mapped[int] = mapped_column(ForeignKey("flows.flow_id"), primary_key=True)
    transport: Mapped[Code]
    community_id: Mapped[int | None] = mapped_column(ForeignKey("communities.community_id"))
    send_period_s: Mapped[I4 | None]
    since: Mapped[InstantMs]
