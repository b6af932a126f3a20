"""chain_agreements: the agreements of a community's ServiceExchange, as of the block of the cursor."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I2, I8, Base, Blob, Json


class ChainAgreement(Base):
    """Terms as they were proposed and the state since `state_block`; `progress` is who consented and confirmed."""

    __tablename__ = "chain_agreements"

    community_id: Mapped[int] = mapped_column(ForeignKey("communities.community_id"), primary_key=True)
    agreement_id: Mapped[Blob] = mapped_column(primary_key=True)
    category: Mapped[I2]
    state: Mapped[I2]
    terms: Mapped[Json]
    progress: Mapped[Json]
    proposed_block: Mapped[I8]
    state_block: Mapped[I8]
