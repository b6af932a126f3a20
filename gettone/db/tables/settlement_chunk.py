"""settlement_chunks: the payouts of a settlement as the contract takes them."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I4, I8, Base, BigUnits, Blob, Code


class SettlementChunk(Base):
    """`payouts` are 32-byte words, address << 96 | amount, in the order that the payouts root fixes."""

    __tablename__ = "settlement_chunks"

    settlement_id: Mapped[int] = mapped_column(ForeignKey("settlements.settlement_id"), primary_key=True)
    chunk: Mapped[I4] = mapped_column(primary_key=True, autoincrement=False)
    payouts: Mapped[Blob]
    state: Mapped[Code]
    credited_units: Mapped[BigUnits | None]
    fee_units: Mapped[BigUnits | None]
    skipped_units: Mapped[BigUnits | None]
    tx_hash: Mapped[Blob | None]
    block_number: Mapped[I8 | None]
