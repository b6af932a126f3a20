"""chain_blocks: the blocks that have events of a community's contracts."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I8, Base, Blob, InstantS


class ChainBlock(Base):
    """Hash and time of a block, once for all its events."""

    __tablename__ = "chain_blocks"

    community_id: Mapped[int] = mapped_column(ForeignKey("communities.community_id"), primary_key=True)
    block_number: Mapped[I8] = mapped_column(primary_key=True, autoincrement=False)
    block_hash: Mapped[Blob]
    time_s: Mapped[InstantS]
