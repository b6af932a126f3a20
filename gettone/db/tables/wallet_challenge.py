"""wallet_challenges: messages that prove a wallet (EIP-4361), each good for one person, once, for five minutes."""

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import Base, Hex32, InstantMs


class WalletChallenge(Base):
    """`message` is what was issued, byte for byte; `caller` is the name of the audit trail."""

    __tablename__ = "wallet_challenges"

    nonce: Mapped[str] = mapped_column(Text, primary_key=True)
    caller: Mapped[str] = mapped_column(Text)
    member_id: Mapped[str] = mapped_column(Hex32, ForeignKey("users_communities.member_id"), index=True)
    address: Mapped[str] = mapped_column(Text)
    message: Mapped[str] = mapped_column(Text)
    issued_at: Mapped[InstantMs]
    expires_at: Mapped[InstantMs]
    used_at: Mapped[InstantMs | None]
