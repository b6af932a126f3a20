"""pending_checks: what a merge touched and the rules after it (V14 to V19) have not judged yet."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import Base, Slot


class PendingCheck(Base):
    """Slots [from_slot, to_slot) of a batch; written with its merge, deleted once they are judged."""

    __tablename__ = "pending_checks"

    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.batch_id"), primary_key=True, autoincrement=False)
    from_slot: Mapped[Slot]
    to_slot: Mapped[Slot]
