"""chain_transactions: every attempt to bring an intent on chain, written before anything is sent."""

from sqlalchemy import Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I8, Base, Blob, Code, InstantMs

NONCE_HOLDERS = "state <> 'superseded'"


class ChainTransaction(Base):
    """One attempt of one intent: its content, then nonce and bytes, then its block.

    `chain` is the hash of the network's first block.  A nonce of a key has one row that may be mined; one that can
    never be mined any more (superseded) keeps its nonce for the record.
    """

    __tablename__ = "chain_transactions"
    __table_args__ = (
        UniqueConstraint("chain", "intent", "attempt"),
        Index(
            "ix_chain_transactions_chain_sender_nonce",
            "chain",
            "sender",
            "nonce",
            unique=True,
            sqlite_where=text(NONCE_HOLDERS),
            postgresql_where=text(NONCE_HOLDERS),
        ),
        Index("ix_chain_transactions_chain_sender_state", "chain", "sender", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chain: Mapped[Blob]
    sender: Mapped[str] = mapped_column(String(42))
    intent: Mapped[str] = mapped_column(Text)
    attempt: Mapped[I8]
    receiver: Mapped[str | None] = mapped_column(String(42))
    data: Mapped[Blob]
    gas: Mapped[I8]
    nonce: Mapped[I8 | None]
    raw: Mapped[Blob | None]
    tx_hash: Mapped[Blob | None]
    head_number: Mapped[I8]
    state: Mapped[Code]
    block_number: Mapped[I8 | None]
    block_hash: Mapped[Blob | None]
    reason: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[InstantMs]
    updated_at: Mapped[InstantMs]
