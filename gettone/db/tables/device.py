"""devices [15]: a meter or connection point, its outside id encrypted."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import Base, Blob, Code, InstantMs


class Device(Base):
    """`external_id` is ciphertext; `external_pid` = HMAC-SHA256(K_lookup, id) finds it."""

    __tablename__ = "devices"

    device_id: Mapped[int] = mapped_column(primary_key=True)
    external_id: Mapped[Blob]
    external_pid: Mapped[Blob] = mapped_column(unique=True)
    supplier_id: Mapped[int | None] = mapped_column(ForeignKey("suppliers.supplier_id"))
    identification: Mapped[Code]
    type: Mapped[Code]
    status: Mapped[Code]
    active_at: Mapped[InstantMs | None]
