"""users_communities [9]: one person in one community, known everywhere else by a random pseudonym."""

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I2, Base, Code, Hex32


class UserCommunity(Base):
    """A member: `member_id` is 32 random bytes, `wallet` an EIP-55 address or none yet.

    `user_id` is null where only the pseudonym is known, and after an erasure.
    """

    __tablename__ = "users_communities"
    __table_args__ = (
        UniqueConstraint("community_id", "wallet"),
        Index("uq_users_communities_user", "community_id", "user_id", unique=True),
    )

    member_id: Mapped[str] = mapped_column(Hex32, primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.community_id"), index=True)
    user_id: Mapped[str | None] = mapped_column(Uuid(as_uuid=False), ForeignKey("users.user_id"))
    wallet: Mapped[str | None] = mapped_column(String(255))
    kind: Mapped[Code]
    status: Mapped[Code]
    people: Mapped[I2 | None]
    area_dm2: Mapped[int | None]
