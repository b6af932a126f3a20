"""chain_cursors: how far the events of a community's contracts are indexed."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I8, Base, Blob, InstantS


class ChainCursor(Base):
    """Everything up to the block is in the index, nothing after it; `token` tells one contract set from another."""

    __tablename__ = "chain_cursors"

    community_id: Mapped[int] = mapped_column(ForeignKey("communities.community_id"), primary_key=True)
    token: Mapped[str] = mapped_column(String(42))
    block_number: Mapped[I8]
    block_hash: Mapped[Blob]
    time_s: Mapped[InstantS]
    event_count: Mapped[I8]
    unknown_count: Mapped[I8]
