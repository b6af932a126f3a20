"""mails: what is written to people, once."""

from sqlalchemy import ForeignKey, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I2, Base, Code, InstantMs, Json


class Mail(Base):
    """A mail by its kind; the worker finds address and language when it sends, so that neither is stored here.

    `mail_id` follows from what happened, so that one event is one mail.  `fields` fills the words and names nobody.
    """

    __tablename__ = "mails"

    mail_id: Mapped[str] = mapped_column(Text, primary_key=True)
    user_id: Mapped[str] = mapped_column(Uuid(as_uuid=False), ForeignKey("users.user_id"), index=True)
    kind: Mapped[Code]
    fields: Mapped[Json]
    created_at: Mapped[InstantMs]
    tries: Mapped[I2]
    due_at: Mapped[InstantMs | None] = mapped_column(index=True)
    sent_at: Mapped[InstantMs | None]
