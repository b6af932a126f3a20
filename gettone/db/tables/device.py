"""devices [15]: a meter or connection point, its outside id encrypted."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import Base, Blob, Code, InstantMs


class Device(Base):
    """`external_id` is ciphertext; `external_pid` = HMAC-SHA256(K_lookup, id) finds it.

    `name`, `description`, `note` and `geo` are ciphertext too; without a name the outside id names the device.
    """

    __tablename__ = "devices"

    device_id: Mapped[int] = mapped_column(primary_key=True)
    external_id: Mapped[Blob]
    external_pid: Mapped[Blob] = mapped_column(unique=True)
    supplier_id: Mapped[int | None] = mapped_column(ForeignKey("suppliers.supplier_id"))
    identification: Mapped[Code]
    alt_id: Mapped[str | None] = mapped_column(String(64))
    name: Mapped[Blob | None]
    description: Mapped[Blob | None]
    note: Mapped[Blob | None]
    type: Mapped[Code]
    status: Mapped[Code]
    use_type: Mapped[Code | None]
    geo_format: Mapped[str | None] = mapped_column(String(32))
    geo: Mapped[Blob | None]
    active_at: Mapped[InstantMs | None]
