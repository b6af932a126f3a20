"""suppliers [16]: who sends readings."""

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import Base


class Supplier(Base):
    """A distributor, a platform, or the community itself."""

    __tablename__ = "suppliers"

    supplier_id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    description: Mapped[str | None] = mapped_column(String(255))
    note: Mapped[str | None] = mapped_column(Text)
    url: Mapped[str | None] = mapped_column(Text)
