"""wallets: which address belongs to which member, who holds its key, and what the member signed."""

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I8, Base, Blob, Code, Hex32, InstantMs, InstantS


class Wallet(Base):
    """An address serves one member in the whole deployment, for ever; `state` is linked, replacing, active,
    replaced or closed.

    `custody` is own, device or custodial; only a custodial one has `sealed_key`, under `data_key`, which is wrapped.
    The consent is the wallet's EIP-712 signature under its joining, with the nonce and the end of its validity.
    """

    __tablename__ = "wallets"

    address: Mapped[str] = mapped_column(Text, primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.community_id"), index=True)
    member_id: Mapped[str] = mapped_column(Hex32, ForeignKey("users_communities.member_id"), index=True)
    custody: Mapped[Code]
    state: Mapped[Code]
    sealed_key: Mapped[Blob | None]
    data_key: Mapped[Blob | None]
    consent: Mapped[Blob | None]
    consent_nonce: Mapped[I8 | None]
    consent_deadline_s: Mapped[InstantS | None]
    linked_at: Mapped[InstantMs]
    joined_at: Mapped[InstantMs | None]
    ended_at: Mapped[InstantMs | None]
