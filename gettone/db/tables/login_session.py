"""login_sessions: when and from where a person logged in, to notice what is unusual."""

from sqlalchemy import Boolean, ForeignKey, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I2, I4, Base, Blob, Code, InstantMs


class LoginSession(Base):
    """A session of the provider: `place` is a keyed hash of the network; kept for 180 days.

    `needs_factor`: nothing is done in it before a second factor was shown.
    """

    __tablename__ = "login_sessions"

    sid: Mapped[str] = mapped_column(Text, primary_key=True)
    user_id: Mapped[str] = mapped_column(Uuid(as_uuid=False), ForeignKey("users.user_id"), index=True)
    begun_at: Mapped[InstantMs]
    place: Mapped[Blob]
    agent: Mapped[Code]
    band: Mapped[I2]
    surprise_millibits: Mapped[I4]
    needs_factor: Mapped[bool] = mapped_column(Boolean)
