"""join_requests: who wants to become a member, and what was decided."""

from sqlalchemy import ForeignKey, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import Base, Code, Hex32, InstantMs, Json


class JoinRequest(Base):
    """`state` is requested, approved, rejected or withdrawn; `member_id` is given when it is approved.

    `devices` lists the points of delivery that the person states, sealed under their own key, and `consents` the
    purposes that they agreed to; `invitation_id` names the invitation that stands for the approval.
    """

    __tablename__ = "join_requests"

    request_id: Mapped[str] = mapped_column(Text, primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.community_id"), index=True)
    user_id: Mapped[str] = mapped_column(Uuid(as_uuid=False), ForeignKey("users.user_id"), index=True)
    kind: Mapped[Code]
    has_storage: Mapped[bool]
    is_natural_person: Mapped[bool]
    statute_version: Mapped[str] = mapped_column(Text)
    consents: Mapped[Json]
    devices: Mapped[bytes]
    state: Mapped[Code]
    reason: Mapped[str | None] = mapped_column(Text)
    invitation_id: Mapped[str | None] = mapped_column(ForeignKey("invitations.invitation_id"))
    member_id: Mapped[str | None] = mapped_column(Hex32, ForeignKey("users_communities.member_id"))
    requested_at: Mapped[InstantMs]
    decided_by: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[InstantMs | None]
