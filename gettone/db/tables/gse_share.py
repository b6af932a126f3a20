"""gse_shares: how the energy bonus of GSE was shared, one statement a period."""

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import Base, Blob, InstantMs, Json


class GseShare(Base):
    """`input` is what came in with the rules of the set, `result` every line in cents; `digest` is that of the result.

    Members are pseudonyms; the sum of the lines was checked before it was stored.
    """

    __tablename__ = "gse_shares"
    __table_args__ = (UniqueConstraint("community_id", "period"),)

    share_id: Mapped[str] = mapped_column(Text, primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.community_id"))
    period: Mapped[str] = mapped_column(Text)
    input: Mapped[Json]
    result: Mapped[Json]
    digest: Mapped[Blob]
    made_by: Mapped[str] = mapped_column(Text)
    made_at: Mapped[InstantMs]
