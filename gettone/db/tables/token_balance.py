"""token_balances: who holds how much of a community's token, as of the block of the cursor."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I8, Base, BigUnits


class TokenBalance(Base):
    """Base units of a wallet (EIP-55); `block_number` is the last block that changed them."""

    __tablename__ = "token_balances"

    community_id: Mapped[int] = mapped_column(ForeignKey("communities.community_id"), primary_key=True)
    wallet: Mapped[str] = mapped_column(String(42), primary_key=True)
    units: Mapped[BigUnits]
    block_number: Mapped[I8]
