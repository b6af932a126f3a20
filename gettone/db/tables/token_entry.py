"""token_entries: every movement of a community's token, seen by each holder it touched."""

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I4, I8, Base, BigUnits, Blob, Code


class TokenEntry(Base):
    """A line of a holder's statement, written with the event it comes from.

    `holder` is a member id (32 bytes) or a wallet that belongs to no member (20 bytes); `subject` names the settlement,
    agreement, payment or GSE period of the reason.  Like the events it comes from it holds pseudonyms alone.
    """

    __tablename__ = "token_entries"
    __table_args__ = (Index(None, "community_id", "block_number", "log_index"),)

    community_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    holder: Mapped[Blob] = mapped_column(primary_key=True)
    block_number: Mapped[I8] = mapped_column(primary_key=True, autoincrement=False)
    log_index: Mapped[I4] = mapped_column(primary_key=True, autoincrement=False)
    tx_hash: Mapped[Blob]
    reason: Mapped[Code]
    change_units: Mapped[BigUnits]
    fee_units: Mapped[BigUnits]
    balance_units: Mapped[BigUnits]
    counterparty: Mapped[str | None] = mapped_column(String(42))
    subject: Mapped[str | None] = mapped_column(Text)
