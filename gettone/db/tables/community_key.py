"""community_keys: K_cy of the notarization, wrapped."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I2, Base, Blob


class CommunityKey(Base):
    """32 random bytes per community and calendar year, as AES-256-GCM ciphertext."""

    __tablename__ = "community_keys"

    community_id: Mapped[int] = mapped_column(ForeignKey("communities.community_id"), primary_key=True)
    year: Mapped[I2] = mapped_column(primary_key=True, autoincrement=False)
    wrapped: Mapped[Blob]
