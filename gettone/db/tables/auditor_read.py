"""auditor_reads: what auditors looked at, for the members to see."""

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import Base, Code, I8Key, InstantMs


class AuditorRead(Base):
    """One read of an auditor: who (a subject), by which action, which address, and when."""

    __tablename__ = "auditor_reads"
    __table_args__ = (Index(None, "community_id", "reader", "read_id"),)

    read_id: Mapped[I8Key] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.community_id"))
    reader: Mapped[str] = mapped_column(Text)
    action: Mapped[Code]
    path: Mapped[str] = mapped_column(Text)
    at: Mapped[InstantMs]
