"""wallet_replacements: a member's wallet is to be replaced by another one."""

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I8, Base, Blob, Code, Hex32, InstantMs, InstantS


class WalletReplacement(Base):
    """`state` is requested, confirmed, proposed, done, objected or failed.

    `order_signature` is the old wallet's, where it signs (then nobody need confirm); `consent` is the new one's.
    `executable_at_s` is when the chain lets a proposal take effect.
    """

    __tablename__ = "wallet_replacements"

    replacement_id: Mapped[str] = mapped_column(Text, primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.community_id"), index=True)
    member_id: Mapped[str] = mapped_column(Hex32, ForeignKey("users_communities.member_id"), index=True)
    old_address: Mapped[str] = mapped_column(Text)
    new_address: Mapped[str] = mapped_column(Text)
    state: Mapped[Code]
    consent: Mapped[Blob]
    order_signature: Mapped[Blob | None]
    deadline_s: Mapped[InstantS]
    executable_at_s: Mapped[I8 | None]
    requested_by: Mapped[str] = mapped_column(Text)
    requested_at: Mapped[InstantMs]
    decided_by: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[InstantMs | None]
