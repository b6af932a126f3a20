"""settlement_attestations: the signatures of oracles under a proposal, as they arrive."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import Base, Blob, InstantMs


class SettlementAttestation(Base):
    """One signature of one oracle; a settlement is attested when as many as the chain asks for are here."""

    __tablename__ = "settlement_attestations"

    settlement_id: Mapped[int] = mapped_column(ForeignKey("settlements.settlement_id"), primary_key=True)
    signer: Mapped[str] = mapped_column(String(42), primary_key=True)
    signature: Mapped[Blob]
    received_at: Mapped[InstantMs]
