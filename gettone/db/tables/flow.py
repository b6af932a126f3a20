"""flows [14]: a configured stream of one supplier."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import Base, Json


class Flow(Base):
    """A stream of readings; `config` is the validated configuration of §3.2 as canonical JSON."""

    __tablename__ = "flows"

    flow_id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    supplier_id: Mapped[int | None] = mapped_column(ForeignKey("suppliers.supplier_id"))
    description: Mapped[str | None] = mapped_column(String(255))
    config: Mapped[Json]
