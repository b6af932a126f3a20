"""memberships: what a member is in the words of the identity rules, beside the class that the chain knows."""

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I8, Base, Code, Hex32, InstantMs


class Membership(Base):
    """`kind` is one of `gettone.membership.kinds`; `external_id` is how the community's own lists call the member.

    `state_since` and `state_reason` are of the status in `users_communities`; the weekly goal is the member's own.
    Before `not_before` the membership does not begin.
    """

    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("community_id", "external_id"),)

    member_id: Mapped[str] = mapped_column(Hex32, ForeignKey("users_communities.member_id"), primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.community_id"))
    kind: Mapped[Code]
    has_storage: Mapped[bool]
    is_natural_person: Mapped[bool]
    statute_version: Mapped[str] = mapped_column(Text)
    external_id: Mapped[str | None] = mapped_column(Text)
    weekly_goal_wh: Mapped[I8 | None]
    not_before: Mapped[InstantMs | None]
    state_since: Mapped[InstantMs]
    state_reason: Mapped[str | None] = mapped_column(Text)
