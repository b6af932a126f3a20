"""takeouts: take-outs that were asked for, their bytes sealed, for seven days."""

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I8, Base, Blob, Code, Hex32, InstantMs


class TakeoutFile(Base):
    """`state` is requested, ready, failed or expired; days are local, the second one exclusive.

    `content` is sealed under `data_key`, which the vault wraps; both go when it expires.  `requested_by` is a name of
    the audit trail, and `operation_id` the work that makes the file.
    """

    __tablename__ = "takeouts"

    takeout_id: Mapped[str] = mapped_column(Text, primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.community_id"), index=True)
    member_id: Mapped[str] = mapped_column(Hex32, ForeignKey("users_communities.member_id"), index=True)
    first_day: Mapped[str] = mapped_column(Text)
    end_day: Mapped[str] = mapped_column(Text)
    level: Mapped[Code]
    reason: Mapped[str | None] = mapped_column(Text)
    requested_by: Mapped[str] = mapped_column(Text)
    requested_at: Mapped[InstantMs]
    state: Mapped[Code]
    operation_id: Mapped[str | None] = mapped_column(Text)
    file_name: Mapped[str | None] = mapped_column(Text)
    size_bytes: Mapped[I8 | None]
    sha256: Mapped[Blob | None]
    expires_at: Mapped[InstantMs | None]
    data_key: Mapped[Blob | None]
    content: Mapped[Blob | None]
