"""audit_trail: who did what, when and why, in a chain of hashes."""

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import Base, Blob, Code, InstantMs


class AuditEntry(Base):
    """Rows are only ever added; `hash` = SHA-256(hash of the row before | RFC 8785 of the row).

    `actor` is a subject, a machine client or an operator on the server; `before` and `after` are salted digests of
    what changed, and the texts themselves lie in `audit_texts`, where they can be erased.
    """

    __tablename__ = "audit_trail"

    entry: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[InstantMs]
    actor: Mapped[str] = mapped_column(Text)
    action: Mapped[Code]
    community_id: Mapped[int | None] = mapped_column(ForeignKey("communities.community_id"), index=True)
    subject: Mapped[str] = mapped_column(Text)
    before: Mapped[Blob | None]
    after: Mapped[Blob | None]
    reason: Mapped[Blob | None]
    hash: Mapped[Blob]
