"""audit_texts: the words behind the digests of the audit trail, which can be erased."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import Base, Blob, Code, Json


class AuditText(Base):
    """`part` is before, after or reason; the digest in the trail is SHA-256(salt | text)."""

    __tablename__ = "audit_texts"

    entry: Mapped[int] = mapped_column(ForeignKey("audit_trail.entry"), primary_key=True, autoincrement=False)
    part: Mapped[Code] = mapped_column(primary_key=True)
    salt: Mapped[Blob]
    text: Mapped[Json]
