"""chain_events: every event of a community's contracts, as the chain has it."""

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I4, I8, Base, Blob, Code, Json


class ChainEvent(Base):
    """`topic1` to `topic3` are the indexed arguments, by which events are found; `args` holds all by name.

    `event` is null for a log that no ABI explains: then `args` are its topics and data as they came.  There is no
    foreign key to `chain_blocks`, whose row is written in the same transaction: checking it would cost every event more
    than storing it.
    """

    __tablename__ = "chain_events"
    __table_args__ = (
        Index(None, "community_id", "topic1", "block_number"),
        Index(None, "community_id", "topic2", "block_number"),
    )

    community_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    block_number: Mapped[I8] = mapped_column(primary_key=True, autoincrement=False)
    log_index: Mapped[I4] = mapped_column(primary_key=True, autoincrement=False)
    tx_hash: Mapped[Blob]
    contract: Mapped[str] = mapped_column(Text)
    event: Mapped[Code | None]
    topic1: Mapped[Blob | None]
    topic2: Mapped[Blob | None]
    topic3: Mapped[Blob | None]
    args: Mapped[Json]
