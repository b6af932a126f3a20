"""invitations: one address, one use, fourteen days."""

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import Base, Blob, Code, InstantMs


class Invitation(Base):
    """`email_pid` finds the address without showing it; `email` is sealed under `data_key`, for sending the mail.

    `state` is open, accepted or withdrawn; the address is blank as soon as it is no longer open.
    """

    __tablename__ = "invitations"

    invitation_id: Mapped[str] = mapped_column(Text, primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.community_id"), index=True)
    email_pid: Mapped[Blob]
    email: Mapped[Blob | None]
    data_key: Mapped[Blob | None]
    kind: Mapped[Code]
    has_storage: Mapped[bool]
    is_natural_person: Mapped[bool]
    external_id: Mapped[str | None] = mapped_column(Text)
    state: Mapped[Code]
    invited_by: Mapped[str] = mapped_column(Text)
    invited_at: Mapped[InstantMs]
    expires_at: Mapped[InstantMs]
