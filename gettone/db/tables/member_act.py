"""member_acts: what members asked to be carried to the chain for them, or told that they sent themselves."""

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I8, Base, BigUnits, Blob, Code, InstantMs, Json, MemberKey


class MemberAct(Base):
    """One act of one wallet; `once` is what makes it this one: the nonce that was signed, or the transaction.

    State waiting, done or failed.  `document` is what was signed, with the signature; it is public once it is on chain.
    `memo` is for the two of them and never goes there.  `receiver` and `units` are those of a transfer.
    """

    __tablename__ = "member_acts"
    __table_args__ = (
        UniqueConstraint("community_id", "wallet", "once"),
        Index(None, "community_id", "tx_hash"),
        Index(None, "community_id", "member_id", "created_at"),
    )

    act_id: Mapped[str] = mapped_column(Text, primary_key=True)
    community_id: Mapped[int]
    member_id: Mapped[MemberKey]
    wallet: Mapped[str] = mapped_column(String(42))
    kind: Mapped[Code]
    once: Mapped[Blob]
    is_relayed: Mapped[bool]
    document: Mapped[Json]
    receiver: Mapped[str | None] = mapped_column(String(42))
    units: Mapped[BigUnits | None]
    memo: Mapped[str | None] = mapped_column(Text)
    operation_id: Mapped[str] = mapped_column(Text)
    state: Mapped[Code] = mapped_column(index=True)
    tx_hash: Mapped[Blob | None]
    block_number: Mapped[I8 | None]
    created_at: Mapped[InstantMs]
