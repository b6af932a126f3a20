"""agreement_drafts: what parties agree on, in words, before and after it is on chain."""

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import Base, Blob, InstantMs, Json, MemberKey


class AgreementDraft(Base):
    """Terms that a member wrote down, with the words whose SHA-256 they hold; parties see both."""

    __tablename__ = "agreement_drafts"

    community_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    agreement_id: Mapped[Blob] = mapped_column(primary_key=True)
    member_id: Mapped[MemberKey] = mapped_column(index=True)
    terms: Mapped[Json]
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[InstantMs]
