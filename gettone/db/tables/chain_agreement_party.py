"""chain_agreement_parties: with whom each agreement of the ServiceExchange is."""

from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I8, Base, Blob


class ChainAgreementParty(Base):
    """A member of an agreement; `holder` is the member id (32 bytes)."""

    __tablename__ = "chain_agreement_parties"

    community_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    holder: Mapped[Blob] = mapped_column(primary_key=True)
    proposed_block: Mapped[I8] = mapped_column(primary_key=True, autoincrement=False)
    agreement_id: Mapped[Blob] = mapped_column(primary_key=True)
