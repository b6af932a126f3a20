"""token_wallets: whose the wallets of a community's token are, as of the block of the cursor."""

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I2, I8, Base, Blob


class TokenWallet(Base):
    """Class and status as the token has them; `holder` as in `token_entries`, kept for a wallet that was replaced."""

    __tablename__ = "token_wallets"
    __table_args__ = (Index(None, "community_id", "holder"),)

    community_id: Mapped[int] = mapped_column(ForeignKey("communities.community_id"), primary_key=True)
    wallet: Mapped[str] = mapped_column(String(42), primary_key=True)
    holder: Mapped[Blob]
    member_class: Mapped[I2]
    status: Mapped[I2]
    block_number: Mapped[I8]
