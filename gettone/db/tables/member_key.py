"""member_keys: K_my of the notarization, wrapped; deleting a row makes the member's openings unreadable."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I2, Base, Blob, Hex32


class MemberKey(Base):
    """32 random bytes per member and calendar year, as AES-256-GCM ciphertext."""

    __tablename__ = "member_keys"

    member_id: Mapped[str] = mapped_column(Hex32, ForeignKey("users_communities.member_id"), primary_key=True)
    year: Mapped[I2] = mapped_column(primary_key=True, autoincrement=False)
    wrapped: Mapped[Blob]
