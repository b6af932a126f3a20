"""operations: long work that was asked for, and how far it is."""

from sqlalchemy import ForeignKey, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I2, Base, Code, InstantMs, Json


class Operation(Base):
    """`state` is waiting, running, done or failed; `document` says what to do, `result` what came of it.

    `owner` is the person or `client` the machine who may ask about it.
    """

    __tablename__ = "operations"

    operation_id: Mapped[str] = mapped_column(Text, primary_key=True)
    kind: Mapped[Code]
    owner: Mapped[str | None] = mapped_column(Uuid(as_uuid=False), ForeignKey("users.user_id"), index=True)
    client: Mapped[str | None] = mapped_column(Text)
    community_id: Mapped[int | None] = mapped_column(ForeignKey("communities.community_id"), index=True)
    state: Mapped[Code] = mapped_column(index=True)
    progress_permille: Mapped[I2]
    document: Mapped[Json]
    result: Mapped[Json | None]
    created_at: Mapped[InstantMs]
    finished_at: Mapped[InstantMs | None]
