"""erasures: a member to be forgotten; one person proposes, another decides, and in the end no pseudonym is left."""

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I8, Base, Code, Hex32, InstantMs, Json


class Erasure(Base):
    """`state` is proposed, approved or erased; `plan` says which stored payloads go, and is blank at the end.

    `member_id` is null once the member is erased; `leaf_index` is that of the tombstone in the ingest log.
    """

    __tablename__ = "erasures"

    erasure_id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[str | None] = mapped_column(Hex32, unique=True)
    state: Mapped[Code]
    reason: Mapped[str] = mapped_column(Text)
    proposed_by: Mapped[str] = mapped_column(Text)
    proposed_at: Mapped[InstantMs]
    decided_by: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[InstantMs | None]
    plan: Mapped[Json | None]
    leaf_index: Mapped[I8 | None]
