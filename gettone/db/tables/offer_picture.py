"""offer_pictures: pictures of offers, as they were written anew here."""

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I4, Base, Blob, InstantMs, MemberKey


class OfferPicture(Base):
    """A JPEG without anything but its pixels."""

    __tablename__ = "offer_pictures"

    picture_id: Mapped[str] = mapped_column(Text, primary_key=True)
    offer_id: Mapped[str] = mapped_column(ForeignKey("offers.offer_id"), index=True)
    member_id: Mapped[MemberKey] = mapped_column(index=True)
    content: Mapped[Blob]
    width_px: Mapped[I4]
    height_px: Mapped[I4]
    created_at: Mapped[InstantMs]
