"""proposals: changes that two persons make, from the first one's word to the second one's."""

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import Base, Code, InstantMs, Json


class Proposal(Base):
    """`kind` and `subject` say what is to be changed, `document` how; `state` is open, approved or withdrawn.

    `proposed_by` and `decided_by` are the names of the audit trail.
    """

    __tablename__ = "proposals"

    proposal_id: Mapped[str] = mapped_column(Text, primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.community_id"), index=True)
    kind: Mapped[Code]
    subject: Mapped[str] = mapped_column(Text)
    document: Mapped[Json]
    state: Mapped[Code]
    proposed_by: Mapped[str] = mapped_column(Text)
    proposed_at: Mapped[InstantMs]
    decided_by: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[InstantMs | None]
