"""idempotent_answers: what a request was answered, so that its repetition changes nothing."""

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I2, Base, Blob, InstantMs, Json


class IdempotentAnswer(Base):
    """One `Idempotency-Key` of one caller on one route; `request` is the SHA-256 of the body it came with.

    `kept_until` is null for routes that move value: their answers are kept for ever.
    """

    __tablename__ = "idempotent_answers"

    caller: Mapped[str] = mapped_column(Text, primary_key=True)
    route: Mapped[str] = mapped_column(Text, primary_key=True)
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    request: Mapped[Blob]
    status: Mapped[I2]
    headers: Mapped[Json]
    body: Mapped[Json]
    kept_until: Mapped[InstantMs | None]
