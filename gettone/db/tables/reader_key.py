"""reader_keys: what a program of an operator proves itself with when it reads, or hands in files."""

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import Base, Blob, InstantMs


class ReaderKey(Base):
    """Right over the readings of one community; only the SHA-256 of a key is kept, `scopes` has blanks between."""

    __tablename__ = "reader_keys"

    key_id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.community_id"))
    name: Mapped[str] = mapped_column(String(64))
    scopes: Mapped[str] = mapped_column(Text)
    sha256: Mapped[Blob] = mapped_column(unique=True)
    valid_from: Mapped[InstantMs]
    valid_to: Mapped[InstantMs]
