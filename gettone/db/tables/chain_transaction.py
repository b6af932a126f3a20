"""chain_transactions: the stored intent of every transaction, written before anything is sent."""

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I8, Base, Blob, Code, InstantMs


class ChainTransaction(Base):
    """One intent, one nonce, one signed transaction: sending it again cannot happen twice on the chain."""

    __tablename__ = "chain_transactions"
    __table_args__ = (UniqueConstraint("sender", "nonce"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sender: Mapped[str] = mapped_column(String(42))
    intent: Mapped[str] = mapped_column(Text, unique=True)
    nonce: Mapped[I8]
    raw: Mapped[Blob]
    tx_hash: Mapped[Blob]
    state: Mapped[Code]
    block_number: Mapped[I8 | None]
    created_at: Mapped[InstantMs]
