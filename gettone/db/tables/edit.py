"""edits: what one person proposes to do with readings and another one decides."""

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import Base, Code, InstantMs, Json, Slot


class Edit(Base):
    """`action` is accept, refuse, withdraw or substitute, `document` the exact values as canonical JSON.

    `state` is proposed, approved or refused; an approved one is a class 6 batch.
    """

    __tablename__ = "edits"

    edit_id: Mapped[int] = mapped_column(primary_key=True)
    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.channel_id"), index=True)
    from_slot: Mapped[Slot]
    to_slot: Mapped[Slot]
    action: Mapped[Code]
    document: Mapped[Json]
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[Code]
    proposed_by: Mapped[str] = mapped_column(Text)
    proposed_at: Mapped[InstantMs]
    decided_by: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[InstantMs | None]
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batches.batch_id"))
