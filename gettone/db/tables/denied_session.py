"""denied_sessions: sessions that ended before their access tokens do."""

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import Base, InstantMs


class DeniedSession(Base):
    """Tokens of the session `sid` are refused until `until`, when the last of them has ended."""

    __tablename__ = "denied_sessions"

    sid: Mapped[str] = mapped_column(Text, primary_key=True)
    until: Mapped[InstantMs]
