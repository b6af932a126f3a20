"""sharing_consents: what a member agreed to show to the others."""

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import Base, Code, Hex32, InstantMs


class SharingConsent(Base):
    """`purpose` is a word of `Purpose`; `text_version` says which words the member consented to."""

    __tablename__ = "sharing_consents"

    member_id: Mapped[str] = mapped_column(Hex32, ForeignKey("users_communities.member_id"), primary_key=True)
    purpose: Mapped[Code] = mapped_column(primary_key=True)
    given_at: Mapped[InstantMs] = mapped_column(primary_key=True, autoincrement=False)
    withdrawn_at: Mapped[InstantMs | None]
    text_version: Mapped[str | None] = mapped_column(Text)
