"""rule_changes: what admins change of models, policy, caps and thresholds, from the draft to the chain."""

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import Base, Blob, Code, InstantMs, InstantS, Json


class RuleChange(Base):
    """`state` is draft, submitted, approved, scheduled, rejected, withdrawn or failed.

    `digest` is fixed when it is submitted; `proposed_by` is who submitted it (before: who drafted it) and `decided_by`
    who approved, rejected or withdrew it, as the audit trail names them.  `preview` is the last one that was made.
    """

    __tablename__ = "rule_changes"

    change_id: Mapped[str] = mapped_column(Text, primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.community_id"), index=True)
    kind: Mapped[Code]
    parameters: Mapped[Json]
    valid_from_s: Mapped[InstantS]
    state: Mapped[Code]
    digest: Mapped[Blob | None]
    created_at: Mapped[InstantMs]
    proposed_by: Mapped[str] = mapped_column(Text)
    proposed_at: Mapped[InstantMs]
    decided_by: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[InstantMs | None]
    reason: Mapped[str | None] = mapped_column(Text)
    preview: Mapped[Json | None]
    operation_id: Mapped[str | None] = mapped_column(Text)
    tx_hash: Mapped[Blob | None]
