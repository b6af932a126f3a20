"""users [6]: the only table with identity, every name sealed under the person's own key."""

from sqlalchemy import Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import Base, Blob, Code, InstantMs


class User(Base):
    """Destroying `data_key` erases the row: what is sealed under it can never be read again.

    `disabled_at`: since when the person may do nothing.  `values_locked_until`: after a recovery nothing that moves
    value is done before this instant (F15).  `language` is it or en, None as long as nothing was said;
    `unwanted_mails` are kinds, with blanks between.
    """

    __tablename__ = "users"

    user_id: Mapped[str] = mapped_column(Uuid(as_uuid=False), primary_key=True)
    given_name: Mapped[Blob]
    family_name: Mapped[Blob]
    address: Mapped[Blob | None]
    zip: Mapped[Blob | None]
    city: Mapped[Blob | None]
    province: Mapped[Blob | None]
    fiscal_code: Mapped[Blob | None]
    email: Mapped[Blob]
    idp_subject: Mapped[str] = mapped_column(Text, unique=True)
    data_key: Mapped[Blob | None]
    created_at: Mapped[InstantMs]
    erased_at: Mapped[InstantMs | None]
    disabled_at: Mapped[InstantMs | None]
    values_locked_until: Mapped[InstantMs | None]
    language: Mapped[Code | None]
    unwanted_mails: Mapped[str | None] = mapped_column(Text)
