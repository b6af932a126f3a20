"""rejects: rows of a merged batch that were refused, each with its rule."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import Base, Blob, Code, InstantMs


class Reject(Base):
    """`raw` is the row as received, at most 400 bytes, encrypted: it may hold a POD.

    `state` open, fixed or accepted.
    """

    __tablename__ = "rejects"

    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.batch_id"), primary_key=True)
    row_no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    code: Mapped[Code]
    field: Mapped[Code | None]
    raw: Mapped[Blob]
    state: Mapped[Code]
    parked_until: Mapped[InstantMs | None]
